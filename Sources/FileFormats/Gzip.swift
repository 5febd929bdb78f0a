import CZlib

/// Files packed by gzip (RFC 1952).
package enum Gzip {
  package typealias Failure = FileFailure

  /// Whether bytes begin as a packed file does.
  package static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The bytes that were packed; several packed files in a row are joined, as `gunzip` does.
  /// - Parameter limit: the most bytes there may be; a small file can unpack to any size.
  /// - Throws: `Failure` when the file is damaged, cut off, or larger than the limit.
  package static func unpacked(
    _ bytes: [UInt8], file: String, limit: Int = 1 << 30
  ) throws(FileFailure) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 more for the header of gzip.
    guard
      inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw damaged(file, "no memory") }
    defer { inflateEnd(&stream) }
    var input = bytes
    let result = input.withUnsafeMutableBufferPointer { buffer in
      stream.next_in = buffer.baseAddress
      stream.avail_in = uInt(clamping: buffer.count)
      return inflated(&stream, limit: limit)
    }
    switch result {
    case .success(let unpacked): return unpacked
    case .failure(.tooLarge):
      throw Failure(
        at: file, found: "more than \(limit >> 20) MiB unpacked", right: "take a smaller file")
    case .failure(.damaged(let words)): throw damaged(file, words)
    }
  }

  private enum Trouble: Error {
    case tooLarge
    case damaged(String)
  }

  private static func inflated(
    _ stream: inout z_stream, limit: Int
  ) -> Result<[UInt8], Trouble> {
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let (code, count) = block.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = uInt(buffer.count)
        let code = inflate(&stream, Z_NO_FLUSH)
        return (code, buffer.count - Int(stream.avail_out))
      }
      guard result.count + count <= limit else { return .failure(.tooLarge) }
      result += block[..<count]
      switch code {
      case Z_OK: continue
      case Z_STREAM_END:
        guard stream.avail_in > 0 else { return .success(result) }
        guard inflateReset(&stream) == Z_OK else { return .failure(.damaged("a second part")) }
      case Z_BUF_ERROR: return .failure(.damaged("cut off"))
      default:
        return .failure(.damaged(stream.msg.map { String(cString: $0) } ?? "unknown error"))
      }
    }
  }

  private static func damaged(_ file: String, _ words: String) -> FileFailure {
    Failure(
      at: file, found: "a packed file that cannot be read (\(words))",
      right: "write or copy the file again")
  }
}
