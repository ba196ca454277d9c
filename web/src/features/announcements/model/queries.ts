import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toListQuery } from "@/ui/list-search";
import type { AnnouncementsSearch } from "./search";

export type Notice = Schema<"NoticeOut">;
export type NoticeBody = Schema<"NoticeIn">;
export type Bulletin = Schema<"BulletinOut">;
export type Topic = Schema<"TopicOut">;
export type Post = Schema<"PostOut">;

/** A hint comes over the socket; this is for the one that was lost, and for what begins and ends by the clock. */
const EVERY_MS = 60_000;

export const unreadNoticesQuery = queryOptions({
  queryKey: ["notices", "unread"],
  queryFn: () => bodyOf(api.GET("/api/notices/unread")),
  refetchInterval: EVERY_MS,
});

export function noticesAsked(search: AnnouncementsSearch) {
  return {
    ...toListQuery(search),
    ...(search.state && { state: search.state }),
    ...(search.all && { all: true }),
  };
}

export function noticesQuery(search: AnnouncementsSearch) {
  const query = noticesAsked(search);
  return queryOptions({
    queryKey: ["notices", "list", query],
    queryFn: () => bodyOf(api.GET("/api/notices", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

const ofNotice = (notice_id: number) => ({ params: { path: { notice_id } } });

export function noticeQuery(id: number) {
  return queryOptions({
    queryKey: ["notices", id],
    queryFn: () => bodyOf(api.GET("/api/notices/{notice_id}", ofNotice(id))),
  });
}

export function readersQuery(id: number, acknowledged: boolean | undefined) {
  return queryOptions({
    queryKey: ["notices", id, "readers", acknowledged],
    queryFn: () =>
      bodyOf(
        api.GET("/api/notices/{notice_id}/readers", {
          params: {
            path: { notice_id: id },
            query: { page_size: 200, ...(acknowledged !== undefined && { acknowledged }) },
          },
        }),
      ),
  });
}

export const acknowledgeNotice = (id: number) =>
  api.POST("/api/notices/{notice_id}/acknowledge", ofNotice(id));
export const publishNotice = (id: number) => api.POST("/api/notices/{notice_id}/publish", ofNotice(id));
export const withdrawNotice = (id: number) => api.POST("/api/notices/{notice_id}/withdraw", ofNotice(id));
export const removeNotice = (id: number) => api.DELETE("/api/notices/{notice_id}", ofNotice(id));
export const remindOfNotice = (id: number) =>
  bodyOf(api.POST("/api/notices/{notice_id}/remind", ofNotice(id)));
export const createNotice = (body: NoticeBody) => bodyOf(api.POST("/api/notices", { body }));

export const organisationQuery = queryOptions({
  queryKey: ["notices", "organisation"],
  queryFn: () => bodyOf(api.GET("/api/organisation")),
});

export function bulletinsAsked(search: AnnouncementsSearch) {
  return {
    ...toListQuery(search),
    ...(search.category && { category: search.category }),
    ...(search.fresh && { unread: true }),
  };
}

export function bulletinsQuery(search: AnnouncementsSearch) {
  const query = bulletinsAsked(search);
  return queryOptions({
    queryKey: ["bulletins", "list", query],
    queryFn: () => bodyOf(api.GET("/api/bulletins", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export const categoriesQuery = queryOptions({
  queryKey: ["bulletins", "categories"],
  queryFn: () => bodyOf(api.GET("/api/bulletins/categories")),
});

const ofBulletin = (bulletin_id: number) => ({ params: { path: { bulletin_id } } });

export function bulletinQuery(id: number) {
  return queryOptions({
    queryKey: ["bulletins", id],
    queryFn: () => bodyOf(api.GET("/api/bulletins/{bulletin_id}", ofBulletin(id))),
  });
}

export const readBulletin = (id: number) => api.POST("/api/bulletins/{bulletin_id}/read", ofBulletin(id));
export const removeBulletin = (id: number) => api.DELETE("/api/bulletins/{bulletin_id}", ofBulletin(id));
export const createBulletin = (body: Schema<"BulletinIn">) => bodyOf(api.POST("/api/bulletins", { body }));
export const changeBulletin = (id: number, body: Schema<"BulletinPatchIn">) =>
  api.PATCH("/api/bulletins/{bulletin_id}", { ...ofBulletin(id), body });

export function topicsAsked(search: AnnouncementsSearch) {
  return { ...toListQuery(search), ...(search.fresh && { new: true }) };
}

export function topicsQuery(search: AnnouncementsSearch) {
  const query = topicsAsked(search);
  return queryOptions({
    queryKey: ["forum", "list", query],
    queryFn: () => bodyOf(api.GET("/api/forum/topics", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
}

const ofTopic = (topic_id: number) => ({ params: { path: { topic_id } } });
const ofPost = (post_id: number) => ({ params: { path: { post_id } } });

export function topicQuery(id: number) {
  return queryOptions({
    queryKey: ["forum", id],
    queryFn: () => bodyOf(api.GET("/api/forum/topics/{topic_id}", ofTopic(id))),
  });
}

export function postsQuery(id: number, page: number) {
  return queryOptions({
    queryKey: ["forum", id, "posts", page],
    queryFn: () =>
      bodyOf(
        api.GET("/api/forum/topics/{topic_id}/posts", {
          params: { path: { topic_id: id }, query: { page, page_size: 20 } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
}

export const visitTopic = (id: number) => api.POST("/api/forum/topics/{topic_id}/visit", ofTopic(id));
export const beginTopic = (body: Schema<"TopicIn">) => bodyOf(api.POST("/api/forum/topics", { body }));
export const changeTopic = (id: number, body: Schema<"TopicPatchIn">) =>
  api.PATCH("/api/forum/topics/{topic_id}", { ...ofTopic(id), body });
export const removeTopic = (id: number) => api.DELETE("/api/forum/topics/{topic_id}", ofTopic(id));
export const replyTo = (id: number, body: Schema<"PostIn">) =>
  api.POST("/api/forum/topics/{topic_id}/posts", { ...ofTopic(id), body });
export const removePost = (id: number) => api.DELETE("/api/forum/posts/{post_id}", ofPost(id));
export const changePost = (id: number, text: string) =>
  api.PATCH("/api/forum/posts/{post_id}", { ...ofPost(id), body: { text } });
