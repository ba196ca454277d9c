/** Does what the page around asks, as the agent's own click would: the engine says no to one as to the other. */
import { problemText } from "@/api/problem-text";
import { currentOf, liveCallOf, offeredTo } from "@/features/softphone/model/contact";
import { answerOffer, telephone } from "@/features/softphone/model/telephone-of-this-tab";
import { toDialable } from "@/lib/numbers";
import type { DeskCommand, InteractionRow, Party } from "@/live/messages";
import { offerTo } from "@/live/offers";
import { CommandProblem } from "@/live/socket";
import { send, useLive } from "@/live/store";
import { MicrophoneProblem } from "@/telephone/port";
import type { Outcome } from "./host";
import type { HostCommand, ToldState } from "./protocol";

function nothing(code: string): CommandProblem {
  return new CommandProblem({ code, facts: {} });
}

/** `tell` says how everything is now. */
export async function obey(command: HostCommand, tell: () => ToldState): Promise<Outcome> {
  try {
    return { result: (await act(command, tell)) ?? null };
  } catch (error) {
    if (error instanceof MicrophoneProblem)
      return { problem: { code: `microphone_${error.trouble}`, text: error.trouble } };
    const { code } = error as { code?: unknown };
    if (typeof code !== "string") throw error;
    return { problem: { code, text: problemText(error) } };
  }
}

async function act(command: HostCommand, tell: () => ToldState): Promise<unknown> {
  switch (command.command) {
    case "get_state":
      return tell();
    case "dial": {
      const { interaction } = (await send(dialling(command.target))) as { interaction: string };
      return { contact: interaction };
    }
    case "set_state":
      return setState(command);
    case "complete_wrap_up":
      return send({ do: "CompleteWrapUp", interaction: wrapped(command), then_ready: command.then_ready });
    case "answer": {
      const { id, offer } = ringing(command);
      await answerOffer(offer);
      return { contact: id };
    }
    case "reject":
      return send({ do: "RejectOffer", offer: ringing(command).offer });
    default:
      return actInCall(command, inCall(command).id);
  }
}

type InCall = Extract<
  HostCommand,
  { command: "hang_up" | "hold" | "resume" | "mute" | "send_digits" | "attach_data" | "transfer" }
>;

async function actInCall(command: InCall, interaction: string): Promise<unknown> {
  switch (command.command) {
    case "hang_up":
      return send({ do: "HangUp", interaction });
    case "hold":
      return send({ do: "Hold", interaction });
    case "resume":
      return send({ do: "Resume", interaction });
    case "mute":
      return telephone.setMuted(command.is_muted);
    case "send_digits":
      return send({ do: "SendDigits", interaction, digits: command.digits });
    case "attach_data":
      return send({ do: "AttachData", interaction, data: command.data });
    case "transfer": {
      const noted = command.note === undefined ? {} : { note: command.note };
      return send({ do: "Transfer", interaction, ...noted, ...command.target });
    }
  }
}

function dialling(party: Party): DeskCommand {
  if (party.kind !== "number") return { do: "Dial", kind: party.kind, target: party.target };
  const number = toDialable(party.number);
  if (!number) throw nothing("bad_number");
  return { do: "Dial", number };
}

/** Signing in to the queues is the first half of being ready, or not ready. */
async function setState(command: Extract<HostCommand, { command: "set_state" }>): Promise<unknown> {
  const state = useLive.getState().me?.state;
  if (command.state === "signed_out") return state === "logged_out" ? null : send({ do: "SignOut" });
  if (state === "logged_out") await send({ do: "SignIn" });
  const wish: DeskCommand =
    command.state === "not_ready" ? { do: "SetNotReady", reason: command.reason } : { do: "SetReady" };
  return send(wish);
}

function isMeant(command: HostCommand, row: InteractionRow | null): row is InteractionRow {
  return row !== null && (command.contact === undefined || command.contact === row.id);
}

function ringing(command: HostCommand): { id: string; offer: string } {
  const { me, mine } = useLive.getState();
  const row = offeredTo(me, mine);
  const offer = offerTo(row, me?.id);
  if (!isMeant(command, row) || !offer) throw nothing("offer_not_ringing");
  return { id: row.id, offer: offer.offer };
}

function inCall(command: HostCommand): InteractionRow {
  const { me, mine } = useLive.getState();
  const row = liveCallOf(me, mine);
  if (!isMeant(command, row)) throw nothing("not_your_call");
  return row;
}

function wrapped(command: HostCommand): string {
  const { me, mine } = useLive.getState();
  const row = currentOf(me, mine);
  if (me?.state !== "wrap_up" || !me.interaction) throw nothing("not_in_wrap_up");
  if (row && !isMeant(command, row)) throw nothing("not_in_wrap_up");
  return me.interaction;
}
