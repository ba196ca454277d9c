import { expect, it } from "vitest";
import { placeOfField } from "./setup-fields";

it.each([
  ["company.code", ["company", "code"]],
  ["administrator.username", ["administrator", "username"]],
  ["password", ["administrator", "password"]],
  ["time_zone", ["company", "time_zone"]],
  ["setup_code", ["setup_code"]],
])("marks %s where it stands", (field, place) => expect(placeOfField(field)).toEqual(place));
