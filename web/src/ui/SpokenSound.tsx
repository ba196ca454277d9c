import { useEffect, useState } from "react";

/** A WAV file in base64 that plays at once. By an address of its own: the page's policy lets no `data:` be played. */
export function SpokenSound({ wav, label }: { wav: string; label: string }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const bytes = Uint8Array.from(atob(wav), (sign) => sign.charCodeAt(0));
    const made = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [wav]);
  if (address === null) return null;
  // biome-ignore lint/a11y/useMediaCaption: the words are those that were typed
  return <audio controls autoPlay src={address} aria-label={label} />;
}
