import ArgumentParser
import Datasets
import FileFormats
import Foundation
import LabRuntime

/// Brings a file from elsewhere into the user's data folder.
struct DataFetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Copy or download a file into your data folder.",
    discussion: """
      The file keeps its name; --data and data import take it from there by the path that is \
      printed. With --sha256 another file than the wanted one is refused, and one that is there \
      already is not fetched again. With --name it also becomes a data set.

      Example: backstep data fetch https://example.org/houses.csv --name houses
      """)

  @Argument(help: "An address that begins with http:// or https://, or a file.") var source: String
  @Option(help: "What the SHA-256 of the file has to be: 64 hexadecimal digits.")
  var sha256: String?
  @Option(help: "Make it a data set of this name.") var name: String?
  @OptionGroup var table: TableChoice
  @OptionGroup var common: CommonOptions

  private var isAddress: Bool {
    ["http://", "https://"].contains { source.lowercased().hasPrefix($0) }
  }

  func run() throws {
    try check()
    let fileName = try Self.fileName(source, isAddress: isAddress)
    let folder = Directories.data.appending(path: "files")
    let file = folder.appending(path: fileName)
    try Self.make(folder)
    if let sha256, Download.size(of: file) > 0, try Self.hash(file) == sha256.lowercased() {
      return try finish(file, sha256.lowercased(), isNew: false)
    }
    // Not the final name before it is whole and checked.
    let part = folder.appending(path: ".\(fileName).\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: part) }
    try bring(to: part, fileName)
    let found = try Self.hash(part)
    if let sha256, found != sha256.lowercased() {
      throw CommandFailure(
        "\(source): its SHA-256 is \(found), not \(sha256.lowercased()); it is another file or was "
          + "damaged on the way", code: .badInput)
    }
    guard rename(part.path, file.path) == 0 else { throw Self.unwritable(file) }
    try finish(file, found, isNew: true)
  }

  private func check() throws {
    if let sha256, sha256.count != 64 || !sha256.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
      throw CommandFailure("--sha256 has 64 hexadecimal digits", code: .usage)
    }
    if let name, !DatasetStore.isName(name) || DatasetLibrary().contains(name) {
      throw CommandFailure(
        "'\(name)' cannot be the name of a data set of yours; --name with letters, digits, - and _",
        code: .usage)
    }
    guard !isAddress, source.contains("://") else { return }
    throw CommandFailure("\(source): an address begins with http:// or https://", code: .usage)
  }

  /// The last part of a path or address, without what a server is asked.
  private static func fileName(_ source: String, isAddress: Bool) throws -> String {
    let path =
      isAddress
      ? String(source.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "?" && $0 != "#" }) : source
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    let last = parts.last.map(String.init) ?? ""
    let name = last.removingPercentEncoding ?? last
    let isName = !name.contains("/") && !name.hasPrefix(".") && !name.contains("\0")
    guard !name.isEmpty, isName, name.utf8.count <= 200, !isAddress || parts.count > 1 else {
      throw CommandFailure(
        "\(source): no name of a file at its end; name the file itself", code: .usage)
    }
    return name
  }

  private static func make(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch { throw unwritable(folder) }
  }

  private static func unwritable(_ file: URL) -> CommandFailure {
    CommandFailure(
      "\(file.path): a place that cannot be written; check XDG_DATA_HOME, its room and permissions",
      code: .cannotWrite)
  }

  // MARK: - Bytes

  private func bring(to part: URL, _ fileName: String) throws {
    let bar = FetchBar(fileName, common)
    let interrupt = Interrupt()
    guard isAddress else {
      try copy(to: part, bar, interrupt)
      return try bar.clear()
    }
    do {
      try Download(source, to: part).run(
        progress: { done, total in try bar.show(done, of: total) },
        isStopped: { interrupt.number != 0 })
    } catch {
      try bar.clear()
      throw error
    }
    try bar.clear()
    // A server that sends nothing has made no file.
    if !isThere(part.path) { try FileBytes.write([], to: part) }
  }

  private func copy(to part: URL, _ bar: FetchBar, _ interrupt: Interrupt) throws {
    let total = Download.size(of: URL(fileURLWithPath: source))
    guard FileManager.default.createFile(atPath: part.path, contents: nil),
      let output = try? FileHandle(forWritingTo: part)
    else { throw Self.unwritable(part) }
    defer { try? output.close() }
    var done = 0
    try Self.read(URL(fileURLWithPath: source)) { block in
      guard interrupt.number == 0 else { throw CommandFailure(nil, code: .interrupted) }
      do { try output.write(contentsOf: block) } catch { throw Self.unwritable(part) }
      done += block.count
      try bar.show(done, of: total)
    }
  }

  private static func hash(_ file: URL) throws -> String {
    var hash = SHA256()
    try read(file) { hash.add([UInt8]($0)[...]) }
    return hash.hexadecimal
  }

  /// The file, a mebibyte at a time.
  private static func read(_ file: URL, _ use: (Data) throws -> Void) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
      throw CommandFailure("\(file.path): no such file; check the name", code: .noSuchFile)
    }
    guard !isFolder.boolValue, let input = try? FileHandle(forReadingFrom: file) else {
      throw CommandFailure(
        "\(file.path): \(isFolder.boolValue ? "a folder; name a file" : "cannot be read")",
        code: .badInput)
    }
    defer { try? input.close() }
    while let block = try input.read(upToCount: 1 << 20), !block.isEmpty { try use(block) }
  }

  // MARK: - The end

  private func finish(_ file: URL, _ hash: String, isNew: Bool) throws {
    var dataset: Dataset?
    if let name {
      var specification = DataSpecification(file.path)
      try table.apply(to: &specification)
      let read = try UserData.load(file, options: specification.table)
      try dataStore.save(read, as: name)
      dataset = read
    }
    let size = Download.size(of: file)
    if common.json {
      var line = JSONLine([
        ("path", .text(file.path)), ("bytes", .integer(size)), ("sha256", .text(hash)),
        ("fetched", .flag(isNew)),
      ])
      if let name, let dataset {
        line.add("name", .text(name))
        line.add("examples", .integer(dataset.count))
      }
      return try Output.line(line.text)
    }
    guard !common.quiet else { return }
    try Output.line(
      "\(file.path): \(isNew ? FetchBar.size(size) : "there already"), SHA-256 \(hash)")
    if let name, let dataset {
      try Output.line("\(name): \(dataset.count) examples; backstep data show \(name)")
    }
  }
}
