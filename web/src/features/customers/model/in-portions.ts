/** Do something to many in portions, so that progress can be shown and no request grows long. */
export async function inPortions(
  ids: readonly number[],
  act: (portion: number[]) => Promise<{ customers: number[] }>,
  onProgress: (done: number) => void,
  size = 25,
): Promise<number> {
  let changed = 0;
  for (let start = 0; start < ids.length; start += size) {
    const portion = ids.slice(start, start + size);
    changed += (await act(portion)).customers.length;
    onProgress(Math.min(ids.length, start + size));
  }
  return changed;
}
