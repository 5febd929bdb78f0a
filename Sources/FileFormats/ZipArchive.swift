import CZip

/// The files of a zip archive, in its order, unpacked in memory.
package struct ZipArchive: Hashable, Sendable {
  package typealias Failure = FileFailure

  /// A file of the archive: its path there, and its unpacked bytes.
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  package let entries: [Entry]

  package init(entries: [Entry]) { self.entries = entries }

  package subscript(name: String) -> [UInt8]? { entries.first { $0.name == name }?.bytes }

  // MARK: - Reading

  /// Unpacks an archive, stored or deflated.
  /// - Parameter limit: the most bytes all entries may have together; a small archive can unpack to
  ///   any size.
  /// - Throws: `Failure` when it is no archive, damaged, encrypted, or larger than the limit.
  package init(
    parsing bytes: [UInt8], file: String = "archive.zip", limit: Int = 1 << 30
  ) throws(FileFailure) {
    let result: Result<[Entry], FileFailure> = bytes.withUnsafeBytes { buffer in
      do throws(FileFailure) {
        return .success(try Self.unpack(buffer, file: file, limit: limit))
      } catch {
        return .failure(error)
      }
    }
    entries = try result.get()
  }

  private static func unpack(
    _ buffer: UnsafeRawBufferPointer, file: String, limit: Int
  ) throws(FileFailure) -> [Entry] {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard
      let source = zip_source_buffer_create(
        buffer.baseAddress, zip_uint64_t(buffer.count), 0, &error)
    else { throw damaged(file, &error) }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw damaged(file, &error)
    }
    defer { zip_discard(archive) }
    var entries: [Entry] = []
    var rest = limit
    for index in 0..<max(0, zip_get_num_entries(archive, 0)) {
      let entry = try unpackEntry(zip_uint64_t(index), of: archive, file: file, limit: rest)
      rest -= entry.bytes.count
      entries.append(entry)
    }
    return entries
  }

  private static func unpackEntry(
    _ index: zip_uint64_t, of archive: OpaquePointer, file: String, limit: Int
  ) throws(FileFailure) -> Entry {
    var stat = zip_stat_t()
    guard zip_stat_index(archive, index, 0, &stat) == 0, let cName = stat.name else {
      throw damaged(file, zip_get_error(archive))
    }
    let name = String(cString: cName)
    guard stat.size <= zip_uint64_t(limit) else {
      throw Failure(
        at: "\(file), \(name)", found: "\(stat.size) bytes unpacked",
        right: "keep the archive below 1 GiB unpacked")
    }
    guard let stream = zip_fopen_index(archive, index, 0) else {
      throw damaged("\(file), \(name)", zip_get_error(archive))
    }
    defer { zip_fclose(stream) }
    let size = Int(stat.size)
    var count: zip_int64_t = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      count = zip_fread(stream, buffer.baseAddress, zip_uint64_t(size))
      initialized = max(0, Int(count))
    }
    guard count == zip_int64_t(size) else {
      throw damaged("\(file), \(name)", zip_file_get_error(stream))
    }
    return Entry(name: name, bytes: bytes)
  }

  private static func damaged(
    _ place: String, _ error: UnsafeMutablePointer<zip_error_t>?
  ) -> FileFailure {
    let words = error.flatMap { zip_error_strerror($0) }.map { String(cString: $0) }
    return Failure(
      at: place, found: "an archive that cannot be read (\(words ?? "unknown error"))",
      right: "write or copy the file again")
  }

  // MARK: - Writing

  /// The archive as bytes: the same entries always give the same bytes.
  package func bytes(compressed: Bool = false) throws(FileFailure) -> [UInt8] {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let source = zip_source_buffer_create(nil, 0, 0, &error) else {
      throw Self.unwritable(&error)
    }
    // The archive takes one reference to its source, reading it afterwards needs another.
    zip_source_keep(source)
    defer { zip_source_free(source) }
    guard let archive = zip_open_from_source(source, ZIP_TRUNCATE, &error) else {
      zip_source_free(source)
      throw Self.unwritable(&error)
    }
    // libzip reads the buffers when it closes, so the copies live until then.
    let buffers = entries.map { entry in
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: entry.bytes.count, alignment: 1)
      buffer.copyBytes(from: entry.bytes)
      return buffer
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    let isComplete = zip(entries, buffers).allSatisfy { entry, buffer in
      Self.add(entry.name, buffer, to: archive, compressed: compressed)
    }
    guard isComplete && zip_close(archive) == 0 else {
      let failure = Self.unwritable(zip_get_error(archive))
      zip_discard(archive)
      throw failure
    }
    return try Self.contents(of: source)
  }

  private static func add(
    _ name: String, _ buffer: UnsafeMutableRawBufferPointer, to archive: OpaquePointer,
    compressed: Bool
  ) -> Bool {
    guard
      let source = zip_source_buffer(archive, buffer.baseAddress, zip_uint64_t(buffer.count), 0)
    else { return false }
    let index = zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      return false
    }
    let method = compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE
    // 1980-01-01, the first date of the format: bytes depend on nothing but the entries.
    return zip_set_file_compression(archive, zip_uint64_t(index), Int32(method), 0) == 0
      && zip_file_set_dostime(archive, zip_uint64_t(index), 0, 0x21, 0) == 0
  }

  private static func contents(of source: OpaquePointer) throws(FileFailure) -> [UInt8] {
    var stat = zip_stat_t()
    guard zip_source_stat(source, &stat) == 0, zip_source_open(source) == 0 else {
      // An archive without entries has no bytes at all.
      if stat.valid == 0 || stat.size == 0 { return [] }
      throw unwritable(zip_source_error(source))
    }
    defer { zip_source_close(source) }
    let size = Int(stat.size)
    var count: zip_int64_t = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      count = zip_source_read(source, buffer.baseAddress, zip_uint64_t(size))
      initialized = max(0, Int(count))
    }
    guard count == zip_int64_t(size) else { throw unwritable(zip_source_error(source)) }
    return bytes
  }

  private static func unwritable(
    _ error: UnsafeMutablePointer<zip_error_t>?
  ) -> FileFailure {
    let words = error.flatMap { zip_error_strerror($0) }.map { String(cString: $0) }
    return Failure(
      at: "archive", found: "an entry that cannot be packed (\(words ?? "unknown error"))",
      right: "give each entry its own name and less than 4 GiB")
  }
}
