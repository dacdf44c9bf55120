// Pictures for tests: read from PNM, framed, written as PNG.
import fs from "node:fs";
import zlib from "node:zlib";

export function readPpm(file) {
    const bytes = zlib.gunzipSync(fs.readFileSync(file));
    const [head, kind, w, h] = /^(P[56])\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString("latin1", 0, 40));
    const channels = kind === "P6" ? 3 : 1;
    return { width: +w, height: +h, channels, data: bytes.subarray(head.length) };
}

export function toRgba(picture, alpha = 255) {
    const n = picture.width * picture.height, out = Buffer.alloc(4 * n, alpha);
    for (let i = 0; i < n; i++)
        for (let c = 0; c < 3; c++)
            out[4 * i + c] = picture.data[picture.channels * i + (picture.channels === 3 ? c : 0)];
    return out;
}

export function writePng({ width, height, data }, colourType, bits) {
    const chunk = (type, body) => {
        const out = Buffer.alloc(body.length + 12);
        out.writeUInt32BE(body.length, 0);
        out.write(type, 4, "latin1");
        body.copy(out, 8);
        return out; // the check sum stays zero: the decoder in the page does not look at it
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header[8] = bits;
    header[9] = colourType;
    const stride = data.length / height, rows = [];
    for (let y = 0; y < height; y++) rows.push(Buffer.from([0]), data.subarray(y * stride, (y + 1) * stride));
    return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header),
                          chunk("IDAT", zlib.deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))]);
}

// The picture with margins of one grey, as an app leaves them around a photograph.
export function framed({ width, height, data }, left, top, right, bottom) {
    const w = left + width + right, h = top + height + bottom, out = Buffer.alloc(3 * w * h, 238);
    for (let y = 0; y < height; y++)
        data.copy(out, 3 * ((top + y) * w + left), 3 * y * width, 3 * (y + 1) * width);
    return { width: w, height: h, channels: 3, data: out };
}
