import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { Language } from "./languages";

export type Prompt = Schema<"PromptOut">;
export type PromptDetail = Schema<"PromptDetailOut">;
export type PromptVersion = Schema<"PromptVersionOut">;
export type PromptUse = Schema<"PromptUseOut">;
export const PROMPT_STATES = ["own", "unused", "missing", "numbers"] as const;
export type PromptState = (typeof PROMPT_STATES)[number];

export interface PromptListQuery {
  search?: string;
  sort?: string;
  page?: number;
  page_size?: number;
  state?: PromptState;
  numbers?: boolean;
}

export function promptsQuery(query: PromptListQuery) {
  return queryOptions({
    queryKey: ["settings", "prompts", "list", query],
    queryFn: () => bodyOf(api.GET("/api/prompts", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function promptQuery(key: string) {
  return queryOptions({
    queryKey: ["settings", "prompts", "one", key],
    queryFn: () => bodyOf(api.GET("/api/prompts/{key}", { params: { path: { key } } })),
  });
}

/** Let the product's voice say a prompt. */
export function speakPrompt(key: string, texts: Partial<Record<Language, string>>): Promise<PromptDetail> {
  return bodyOf(
    api.POST("/api/prompts/{key}/speak", {
      params: { path: { key } },
      body: { texts: texts as Schema<"SpeakIn">["texts"] },
    }),
  );
}

export interface PromptFile {
  key: string;
  language: Language;
  file: Blob;
  text: string;
  source: "uploaded" | "recorded";
}

/** Replace or add a prompt by a file of sound. */
export function uploadPrompt({ file, ...fields }: PromptFile): Promise<PromptDetail> {
  return bodyOf(
    api.POST("/api/prompts", {
      body: { ...fields, file: "" },
      bodySerializer: () => {
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.set(name, value);
        form.set("file", file, "prompt");
        return form;
      },
    }),
  );
}

/** Let callers hear an older version again. */
export function putBackVersion({ key, id }: { key: string; id: number }): Promise<PromptDetail> {
  return bodyOf(
    api.POST("/api/prompts/{key}/versions/{prompt_version_id}/put-back", {
      params: { path: { key, prompt_version_id: id } },
    }),
  );
}

export function removePrompt(key: string): Promise<void> {
  return bodyOf(api.DELETE("/api/prompts/{key}", { params: { path: { key } } }));
}

export function promptAddress(key: string, language: string): string {
  return `/api/prompts/${encodeURIComponent(key)}/${language}.wav`;
}

export function versionAddress(key: string, id: number): string {
  return `/api/prompts/${encodeURIComponent(key)}/versions/${id}.wav`;
}
