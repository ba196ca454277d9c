import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Organisation = Schema<"OrganisationOut">;
export type Department = Schema<"DepartmentOut">;
export type Team = Schema<"TeamOut">;
export type Site = Schema<"SiteOut">;

export const organisationQuery = queryOptions({
  queryKey: ["settings", "organisation"],
  queryFn: () => bodyOf(api.GET("/api/organisation")),
});

export function createDepartment(body: Schema<"DepartmentIn">): Promise<Department> {
  return bodyOf(api.POST("/api/organisation/departments", { body }));
}

export function changeDepartment(
  department_id: number,
  body: Schema<"DepartmentPatchIn">,
): Promise<Department> {
  const params = { path: { department_id } };
  return bodyOf(api.PATCH("/api/organisation/departments/{department_id}", { params, body }));
}

export function removeDepartment(department_id: number): Promise<void> {
  const params = { path: { department_id } };
  return bodyOf(api.DELETE("/api/organisation/departments/{department_id}", { params }));
}

export function createTeam(body: Schema<"TeamIn">): Promise<Team> {
  return bodyOf(api.POST("/api/organisation/teams", { body }));
}

export function changeTeam(team_id: number, body: Schema<"TeamPatchIn">): Promise<Team> {
  return bodyOf(api.PATCH("/api/organisation/teams/{team_id}", { params: { path: { team_id } }, body }));
}

export function removeTeam(team_id: number): Promise<void> {
  return bodyOf(api.DELETE("/api/organisation/teams/{team_id}", { params: { path: { team_id } } }));
}

export function createSite(body: Schema<"SiteIn">): Promise<Site> {
  return bodyOf(api.POST("/api/organisation/sites", { body }));
}

export function changeSite(site_id: number, body: Schema<"SitePatchIn">): Promise<Site> {
  return bodyOf(api.PATCH("/api/organisation/sites/{site_id}", { params: { path: { site_id } }, body }));
}

export function removeSite(site_id: number): Promise<void> {
  return bodyOf(api.DELETE("/api/organisation/sites/{site_id}", { params: { path: { site_id } } }));
}
