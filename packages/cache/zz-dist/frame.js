const formatVersion = 1;
const prelude = 8;
/** The frame of a header and the JSON text of a value. */
export function encodeFrame(header, payload) {
    const head = Buffer.from(JSON.stringify(header));
    const frame = Buffer.allocUnsafe(prelude + head.length + Buffer.byteLength(payload));
    frame[0] = 0x52;
    frame[1] = 0x50;
    frame[2] = formatVersion;
    frame[3] = 0;
    frame.writeUInt32BE(head.length, 4);
    head.copy(frame, prelude);
    frame.write(payload, prelude + head.length);
    return frame;
}
/** The parts of a frame, or why they cannot be read. */
export function decodeFrame(body) {
    const frame = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    if (frame.length < prelude || frame[0] !== 0x52 || frame[1] !== 0x50)
        return 'not a frame';
    if (frame[2] !== formatVersion)
        return `frame version ${frame[2]} is not known here`;
    if (frame[3] !== 0)
        return `frame flags ${frame[3]} are not known here`;
    const end = prelude + frame.readUInt32BE(4);
    if (end > frame.length)
        return 'the frame is cut off';
    try {
        return {
            header: JSON.parse(frame.toString('utf8', prelude, end)),
            value: JSON.parse(frame.toString('utf8', end)),
        };
    }
    catch {
        return 'the frame does not hold JSON';
    }
}
//# sourceMappingURL=frame.js.map