// What the page and its workers both do with pixels.

// Some browsers blur what a canvas gives back, to hinder tracking. A print of that would be wrong.
export function canvasIsExact(context) {
    const data = context.createImageData(16, 16);
    for (let i = 0; i < data.data.length; i++) data.data[i] = i % 4 === 3 ? 255 : (i * 37) % 256;
    context.putImageData(data, 0, 0);
    const back = context.getImageData(0, 0, 16, 16).data;
    return data.data.every((value, i) => value === back[i]);
}

// Red, green, blue and one more of each pixel to luma, into the beginning of `out`, which may be the same.
export function lumaOf(bytes, out) {
    for (let i = 0, k = 0; i < bytes.length; i += 4, k++)
        out[k] = (299 * bytes[i] + 587 * bytes[i + 1] + 114 * bytes[i + 2] + 500) / 1000;
}
