import { useQuery } from "@tanstack/react-query";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { Bookmark, ChevronDown, Star } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ManageViews } from "./ManageViews";
import { type SavedView, shownView, toViewQuery } from "./model";
import { shelfQuery, useViewActions } from "./queries";
import { SaveView } from "./SaveView";

/** The saved views of the list that the address shows: open one, save the list as it stands, arrange them. */
export function SavedViews({ list }: { list: string }) {
  const { t } = useTranslation("saved-views");
  const router = useRouter();
  const searchText = useRouterState({ select: (state) => state.location.searchStr });
  const shelf = useQuery(shelfQuery(list));
  const actions = useViewActions(list);
  const [lastOpened, setLastOpened] = useState<number | null>(null);
  const [dialog, setDialog] = useState<"save" | "manage" | null>(null);
  const views = shelf.data?.items ?? [];
  const shown = shownView(views, searchText, lastOpened);
  const opened = views.find((view) => view.id === lastOpened);

  const show = (query: string) => {
    const search = router.options.parseSearch(query ? `?${query}` : "");
    void router.navigate({ to: ".", search: search as never, replace: true });
  };
  const open = (view: SavedView) => {
    setLastOpened(view.id);
    show(view.query);
  };
  useDefaultView(shelf.data, searchText, open);

  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          selectable: true,
          selectedKeys: shown ? [String(shown.id)] : [],
          items: [
            {
              key: "all",
              label: t("everything"),
              onClick: () => {
                setLastOpened(null);
                show("");
              },
            },
            ...views.map((view) => ({
              key: String(view.id),
              label: view.name,
              ...(view.id === shelf.data?.default_id && {
                icon: <Star size={14} aria-label={t("opensWith")} />,
              }),
              extra: view.is_mine ? undefined : view.owner_name,
              onClick: () => open(view),
            })),
            { type: "divider" as const },
            ...(opened?.is_mine && shown?.id !== opened.id
              ? [
                  {
                    key: "update",
                    label: t("update", { name: opened.name }),
                    onClick: () => actions.change.mutate({ id: opened.id, query: toViewQuery(searchText) }),
                  },
                ]
              : []),
            { key: "save", label: t("save"), onClick: () => setDialog("save") },
            ...(views.length > 0
              ? [{ key: "manage", label: t("manage"), onClick: () => setDialog("manage") }]
              : []),
          ],
        }}
      >
        <Button
          icon={<Bookmark size={15} aria-hidden />}
          aria-label={shown ? t("label", { name: shown.name }) : t("views")}
        >
          {shown?.name ?? t("views")}
          <ChevronDown size={14} aria-hidden />
        </Button>
      </Dropdown>
      {dialog === "save" && (
        <SaveView
          list={list}
          query={toViewQuery(searchText)}
          onClose={() => setDialog(null)}
          onSaved={(view) => setLastOpened(view.id)}
        />
      )}
      {dialog === "manage" && <ManageViews list={list} onClose={() => setDialog(null)} />}
    </>
  );
}

/** A list that is opened by its bare address begins with the view that the reader chose for that. */
function useDefaultView(
  shelf: { items: SavedView[]; default_id: number | null } | undefined,
  searchText: string,
  open: (view: SavedView) => void,
) {
  const isDecided = useRef(false);
  useEffect(() => {
    if (isDecided.current || !shelf) return;
    isDecided.current = true;
    const view = shelf.items.find((each) => each.id === shelf.default_id);
    if (view && toViewQuery(searchText) === "") open(view);
  });
}
