/// Named arrays in NumPy's `.npz` format: a zip archive of `.npy` files.
package struct NumPyArchive: Hashable, Sendable {
  package typealias Failure = FileFailure

  /// An array and its name, without `.npy`.
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let array: NumPyArray

    package init(name: String, array: NumPyArray) {
      self.name = name
      self.array = array
    }
  }

  package let entries: [Entry]

  package init(entries: [Entry]) { self.entries = entries }

  package subscript(name: String) -> NumPyArray? { entries.first { $0.name == name }?.array }

  /// Reads an archive as `np.savez` and `np.savez_compressed` write it.
  /// - Throws: `Failure` for a damaged archive or an array that `NumPyFile` cannot read.
  package init(parsing bytes: [UInt8], file: String = "arrays.npz") throws(FileFailure) {
    var entries: [Entry] = []
    for entry in try ZipArchive(parsing: bytes, file: file).entries {
      let name = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
      let array = try NumPyFile.read(entry.bytes, file: "\(file), \(name)")
      entries.append(Entry(name: name, array: array))
    }
    self.entries = entries
  }

  /// The archive as the bytes of a file; uncompressed as `np.savez`, else as `np.savez_compressed`.
  package func bytes(compressed: Bool = false) throws(FileFailure) -> [UInt8] {
    let files = entries.map {
      ZipArchive.Entry(name: $0.name + ".npy", bytes: NumPyFile.bytes(of: $0.array))
    }
    return try ZipArchive(entries: files).bytes(compressed: compressed)
  }
}
