import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Absence = Schema<"AbsenceOut">;

export function ownedQuery(user_id: number) {
  return queryOptions({
    queryKey: ["settings", "users", user_id, "owned"],
    queryFn: async () => {
      const params = { path: { user_id } };
      return (await bodyOf(api.GET("/api/users/{user_id}/owned", { params }))).items;
    },
  });
}

export function handOver(user_id: number, to: number): Promise<Schema<"HandedOverOut">> {
  return bodyOf(api.POST("/api/users/{user_id}/hand-over", { params: { path: { user_id } }, body: { to } }));
}

export function changeUsers(body: Schema<"UsersChangeIn">): Promise<Schema<"ChangedOut">> {
  return bodyOf(api.POST("/api/users/change", { body }));
}

export function absencesQuery(user: number) {
  return queryOptions({
    queryKey: ["settings", "absences", user],
    queryFn: () => bodyOf(api.GET("/api/absences", { params: { query: { user, page_size: 50 } } })),
  });
}

export function createAbsence(body: Schema<"AbsenceIn">): Promise<Absence> {
  return bodyOf(api.POST("/api/absences", { body }));
}

export function removeAbsence(absence_id: number): Promise<void> {
  return bodyOf(api.DELETE("/api/absences/{absence_id}", { params: { path: { absence_id } } }));
}
