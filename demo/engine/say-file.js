import { i64, u32 } from "./frames.js";

const PACKET_BYTES = 64 * 1024;

/** Puts a file into the machine. */
export function sayFile(machine, { path, mode, mtimeMs, content }) {
  machine.say("f", u32(mode), i64(mtimeMs), path);
  for (let at = 0; at < content.length; at += PACKET_BYTES) machine.say("w", content.subarray(at, at + PACKET_BYTES));
  machine.say("e");
}
