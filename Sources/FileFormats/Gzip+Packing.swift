import CZlib

extension Gzip {
  /// The bytes packed as `gzip -9 -n` does: the same bytes give the same file.
  package static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 more for the header of gzip.
    let isReady = deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(isReady == Z_OK, "no memory to pack bytes")
    defer { deflateEnd(&stream) }
    var (input, output) = (bytes, [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 64))
    let count = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = uInt(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = uInt(target.count)
        let code = deflate(&stream, Z_FINISH)
        precondition(code == Z_STREAM_END, "packed bytes have room")
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<count])
  }
}
