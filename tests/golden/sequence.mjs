// The binary form of an image (docs/formats/print.md, version 2), read independently of the code.
const HEADER_BYTES = 16, PRINT_BYTES = 32;
const HEAD = "LKSQ\x02\x01\0\0"; // version 2, of an image
export const WHOLE = 1, ANCHOR = 2;

// Of a record, what each bit of its tag says is there; an image has no times.
const PARTS = [["kind", "front_end"], ["quality"], [], ["x", "y"], ["size"], ["turn"]];

// `form` is false unless the bytes are one sequence from end to end.
export function readSequence(bytes) {
    const records = [], record = { kind: 0, front_end: 0, quality: 0, x: 0, y: 0, size: 0, turn: 0 };
    let at = HEADER_BYTES;
    while (at < bytes.length) {
        const tag = bytes[at++];
        PARTS.forEach((part, bit) => part.forEach((member) => {
            if (tag & 1 << bit) record[member] = bytes[at++];
        }));
        records.push({ ...record, hex: bytes.subarray(at, at + PRINT_BYTES).toString("hex") });
        at += PRINT_BYTES;
    }
    const form = bytes.toString("latin1", 0, HEAD.length) === HEAD && at === bytes.length &&
        bytes.readUInt32LE(8) === records.length;
    return { form, records };
}
