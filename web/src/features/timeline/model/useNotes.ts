import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { api, type Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";

/** Write, change and remove notes; each tells whether it was done. */
export function useNotes() {
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const doing = async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
    } catch (error) {
      message.error(problemText(error));
      return false;
    }
    await queryClient.invalidateQueries({
      queryKey: ["customers"],
      predicate: ({ queryKey }) => queryKey.at(-1) === "timeline",
    });
    return true;
  };
  return {
    write: (body: Schema<"NoteIn">) => doing(() => api.POST("/api/notes", { body })),
    change: (note: number, body: Schema<"NotePatchIn">) =>
      doing(() => api.PATCH("/api/notes/{note_id}", { params: { path: { note_id: note } }, body })),
    remove: (note: number) =>
      doing(() => api.DELETE("/api/notes/{note_id}", { params: { path: { note_id: note } } })),
  };
}
