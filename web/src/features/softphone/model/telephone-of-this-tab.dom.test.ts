import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { noTelephone, useTelephone } from "@/telephone/telephone";
import { claimTelephone, endCall, telephone } from "./telephone-of-this-tab";

const call = { id: "c1", offer: "o1", interaction: null };
let other: BroadcastChannel;
let release: () => void;
const ended = vi.fn<(id?: string) => void>();

beforeEach(() => {
  ended.mockReset();
  vi.spyOn(telephone, "open").mockResolvedValue();
  vi.spyOn(telephone, "close").mockReturnValue();
  vi.spyOn(telephone, "endHere").mockImplementation((id) => ended(id));
  release = claimTelephone(7);
  other = new BroadcastChannel("zhiyin.telephone.7");
});

afterEach(() => {
  release();
  other.close();
  useTelephone.setState(noTelephone);
});

it("ends the call in the tab that has the telephone, when another tab hangs up and the engine is away", async () => {
  const heard = new Promise((resolve) => {
    other.onmessage = ({ data }) => resolve(data);
  });
  useTelephone.setState({ ...noTelephone, place: "elsewhere" });
  endCall(undefined);
  expect(await heard).toEqual({ do: "end" });
  expect(ended).not.toHaveBeenCalled();
});

it("does so for another tab, but ends nothing that only rings", async () => {
  useTelephone.setState({ ...noTelephone, place: "mine", call: { ...call, phase: "ringing" } });
  other.postMessage({ do: "end" });
  other.postMessage({ do: "answer", offer: "o1" }); // told after it: once this is met, that was too
  const answered = vi.spyOn(telephone, "answer").mockResolvedValue();
  await vi.waitFor(() => expect(answered).toHaveBeenCalledWith("o1"));
  expect(ended).not.toHaveBeenCalled();
  useTelephone.setState({ call: { ...call, phase: "talking" } });
  other.postMessage({ do: "end" });
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
});

it("ends here the call that was meant", () => {
  useTelephone.setState({ ...noTelephone, place: "mine", call: { ...call, phase: "talking" } });
  endCall(undefined);
  expect(ended).not.toHaveBeenCalled();
  endCall("c1");
  expect(ended).toHaveBeenCalledExactlyOnceWith("c1");
});
