/**
 * The telephone on JsSIP: SIP over the front's own websocket, G.711 by WebRTC without outside servers. The only
 * importer of JsSIP. Hold is not here: holding is the engine's, which gives the customer music.
 */
import { type C, UA, WebSocketInterface } from "jssip";
import type { EndEvent, RTCSession } from "jssip/lib/RTCSession";
import type { RTCSessionEvent } from "jssip/lib/UA";
import type { TelephoneIdentity } from "@/live/messages";
import { makeCertificate } from "./certificate";
import { chosenDevices, openMicrophone, routeSound } from "./devices";
import type { CallEnd, PhoneAdapter, PhoneEvent } from "./port";
import { judgeQuality, readTotals } from "./quality";
import { keepG711 } from "./sdp";

const REGISTER_EVERY_S = 120;
const QUALITY_EVERY_MS = 2000;
/** Further addresses that show up later than this after the first are not waited for. */
const GATHERING_LIMIT_MS = 150;
const MEDIA: RTCConfiguration = { iceServers: [], bundlePolicy: "max-bundle" };
const TONE_MS = 120;

async function mediaConfig(): Promise<RTCConfiguration> {
  const certificate = await makeCertificate().catch(() => undefined);
  return certificate ? { ...MEDIA, certificates: [certificate] } : MEDIA;
}

const END_OF_CAUSE: Record<string, CallEnd> = {
  Canceled: "cancelled",
  Busy: "busy",
  Rejected: "refused",
  "User Denied Media Access": "refused",
  "No Answer": "no_answer",
  Expires: "no_answer",
  "Not Found": "unreachable",
  "Address Incomplete": "unreachable",
  Unavailable: "unreachable",
  "Connection Error": "lost",
  "Request Timeout": "lost",
  "RTP Timeout": "lost",
  "Dialog Error": "lost",
};

/** One call: its SIP session, the microphone we opened for it, the element it sounds from. */
interface Line {
  session: RTCSession;
  microphone: MediaStream | null;
  speaker: HTMLAudioElement;
  qualityTimer: ReturnType<typeof setInterval> | undefined;
  isMuted: boolean;
}

export class JssipAdapter implements PhoneAdapter {
  private agent: UA | null = null;
  private domain = "";
  private readonly lines = new Map<string, Line>();
  private readonly listeners = new Set<(event: PhoneEvent) => void>();

  listen(listener: (event: PhoneEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  register(identity: TelephoneIdentity): void {
    this.start(identity, { isRegistering: true });
  }

  connect(identity: TelephoneIdentity): void {
    this.start(identity, { isRegistering: false });
  }

  close(): void {
    for (const id of this.lines.keys()) this.end(id);
    this.stopAgent();
    this.tell({ type: "registration", state: "off", isRefused: false });
  }

  async answer(id: string): Promise<void> {
    const line = this.lines.get(id);
    if (!line) return;
    const [microphone, pcConfig] = await Promise.all([openMicrophone(), mediaConfig()]);
    if (line.session.isEnded()) {
      stop(microphone);
      return;
    }
    line.microphone = microphone;
    line.session.answer({ mediaStream: microphone, pcConfig });
  }

  end(id: string): void {
    const session = this.lines.get(id)?.session;
    if (session && !session.isEnded()) session.terminate(session.isInProgress() ? { status_code: 480 } : {});
  }

  async call(number: string): Promise<string> {
    const [microphone, pcConfig] = await Promise.all([openMicrophone(), mediaConfig()]);
    if (!this.agent) {
      stop(microphone);
      throw new Error("the telephone is not registered");
    }
    const session = this.agent.call(`sip:${encodeURIComponent(number)}@${this.domain}`, {
      mediaStream: microphone,
      pcConfig,
    });
    this.attach(session).microphone = microphone;
    return session.id;
  }

  setMuted(id: string, isMuted: boolean): void {
    const line = this.lines.get(id);
    if (!line) return;
    line.isMuted = isMuted;
    for (const track of line.microphone?.getAudioTracks() ?? []) track.enabled = !isMuted;
  }

  sendDigit(id: string, digit: string): void {
    this.lines
      .get(id)
      ?.session.sendDTMF(digit, { duration: TONE_MS, transportType: "RFC2833" as C.DTMF_TRANSPORT });
  }

  async renewDevices(): Promise<void> {
    for (const line of this.lines.values()) {
      await routeSound(line.speaker, chosenDevices().speaker);
      if (line.microphone) await this.changeMicrophone(line);
    }
  }

  private start(identity: TelephoneIdentity, { isRegistering }: { isRegistering: boolean }): void {
    this.stopAgent();
    const url = new URL(identity.path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.domain = identity.domain;
    const agent = new UA({
      sockets: new WebSocketInterface(url.href),
      uri: `sip:${identity.username}@${identity.domain}`,
      password: identity.password,
      register: isRegistering,
      register_expires: REGISTER_EVERY_S,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: "Zhiyin",
    });
    this.agent = agent;
    const tell = (state: "connecting" | "registered" | "failed", isRefused = false) => {
      if (this.agent === agent) this.tell({ type: "registration", state, isRefused });
    };
    agent.on("connecting", () => tell("connecting"));
    agent.on("connected", () => {
      if (!isRegistering) tell("registered");
    });
    agent.on("disconnected", () => tell("failed"));
    agent.on("registered", () => tell("registered"));
    agent.on("registrationFailed", ({ response }) => tell("failed", (response?.status_code ?? 0) >= 400));
    agent.on("newRTCSession", (event: RTCSessionEvent) => {
      if (event.originator === "remote") this.ring(event.session, event.request);
    });
    agent.start();
  }

  private stopAgent(): void {
    const agent = this.agent;
    this.agent = null;
    agent?.stop();
  }

  private ring(session: RTCSession, request: { getHeader(name: string): string | undefined }): void {
    this.attach(session);
    const call = {
      id: session.id,
      offer: request.getHeader("X-Zhiyin-Offer") ?? null,
      interaction: request.getHeader("X-Zhiyin-Call") ?? null,
    };
    this.tell({ type: "incoming", call });
  }

  private attach(session: RTCSession): Line {
    const id = session.id;
    const line: Line = {
      session,
      microphone: null,
      speaker: new Audio(),
      qualityTimer: undefined,
      isMuted: false,
    };
    line.speaker.autoplay = true;
    this.lines.set(id, line);
    void routeSound(line.speaker, chosenDevices().speaker);
    const listenTo = (connection: RTCPeerConnection) => {
      connection.addEventListener("track", ({ track, streams }) => {
        line.speaker.srcObject = streams[0] ?? new MediaStream([track]);
        void line.speaker.play().catch(() => undefined); // refused only before the first click; autoplay tries again
      });
    };
    if (session.connection)
      listenTo(session.connection); // an outgoing call has one before it can be listened to
    else session.on("peerconnection", ({ peerconnection }) => listenTo(peerconnection));
    let isFirst = true;
    session.on("icecandidate", ({ ready }) => {
      if (isFirst) setTimeout(ready, GATHERING_LIMIT_MS);
      isFirst = false;
    });
    session.on("sdp", (event) => {
      if (event.originator === "local" && event.type === "offer") event.sdp = keepG711(event.sdp);
    });
    session.on("progress", () => this.tell({ type: "ringing", id }));
    session.on("confirmed", () => {
      this.watchQuality(id, line);
      this.tell({ type: "accepted", id });
    });
    session.on("failed", (event) => this.finish(id, line, event));
    session.on("ended", (event) => this.finish(id, line, event));
    return line;
  }

  private finish(id: string, line: Line, { cause }: EndEvent): void {
    clearInterval(line.qualityTimer);
    stop(line.microphone);
    line.speaker.srcObject = null;
    this.lines.delete(id);
    this.tell({ type: "ended", id, end: END_OF_CAUSE[cause] ?? "hangup" });
  }

  private watchQuality(id: string, line: Line): void {
    let before = { received: 0, lost: 0, jitter_ms: 0, rtt_ms: null as number | null };
    line.qualityTimer = setInterval(async () => {
      const after = readTotals(await line.session.connection.getStats());
      this.tell({ type: "quality", id, quality: judgeQuality(before, after) });
      before = after;
    }, QUALITY_EVERY_MS);
  }

  private async changeMicrophone(line: Line): Promise<void> {
    const microphone = await openMicrophone();
    const track = microphone.getAudioTracks()[0] ?? null;
    if (track) track.enabled = !line.isMuted;
    await line.session.connection.getSenders()[0]?.replaceTrack(track);
    stop(line.microphone);
    line.microphone = microphone;
  }

  private tell(event: PhoneEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
