import Foundation
import Testing

/// The manifest as SwiftPM reads it: each target and what it may import.
private struct Manifest: Decodable {
  struct Target: Decodable {
    let name: String
    let type: String
    let dependencies: [Dependency]
  }

  /// A dependency is an object with one key, whose value begins with the name.
  struct Dependency: Decodable {
    let name: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyKey.self)
      let key = try #require(container.allKeys.first)
      var values = try container.nestedUnkeyedContainer(forKey: key)
      name = try values.decode(String.self)
    }
  }

  struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  let targets: [Target]

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func load() throws -> Manifest {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // A scratch folder of its own: the running tests hold the lock of the usual one.
    let scratch = FileManager.default.temporaryDirectory.appending(path: "backstep-manifest")
    process.arguments = [
      "swift", "package", "--package-path", root.path, "--scratch-path", scratch.path,
      "dump-package",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let json = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Manifest.self, from: json)
  }
}

/// A Swift file of the package, by module.
private struct SourceFile {
  let module: String
  let path: String
  let text: String

  static func all(under folder: String) throws -> [SourceFile] {
    let base = Manifest.root.appending(path: folder)
    let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }.map {
      let parts = $0.path.dropFirst(base.path.count + 1).split(separator: "/")
      return SourceFile(
        module: String(parts[0]), path: parts.joined(separator: "/"),
        text: try String(contentsOf: $0, encoding: .utf8))
    }
  }

  var imports: [String] {
    text.split(separator: "\n").compactMap { line in
      // Imports begin a line; Keras code in tests is indented.
      guard line.first?.isWhitespace == false else { return nil }
      let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
      guard let at = words.firstIndex(of: "import"), at <= 1, at + 1 < words.count else {
        return nil
      }
      let rest = words[(at + 1)...].first { !["struct", "func", "enum", "class"].contains($0) }
      return rest.map { String($0.prefix { $0 != "." }) }
    }
  }
}

@Suite("Architecture")
struct ImportTests {
  private static let system: Set<String> = [
    "Foundation", "FoundationNetworking", "Synchronization", "Dispatch", "Testing", "Glibc",
    "Darwin",
  ]

  @Test(
    "every file imports only what the manifest allows its module", arguments: ["Sources", "Tests"])
  func imports(folder: String) throws {
    let manifest = try Manifest.load()
    var allowed: [String: Set<String>] = [:]
    for target in manifest.targets {
      allowed[target.name] = Set(target.dependencies.map(\.name)).union(Self.system)
    }
    let files = try SourceFile.all(under: folder)
    #expect(files.count > 10)
    for file in files {
      let known = try #require(allowed[file.module], "\(file.path) is in no target")
      for name in file.imports {
        #expect(known.contains(name), "\(folder)/\(file.path) imports \(name)")
      }
    }
  }

  @Test("arrows between modules run one way")
  func acyclic() throws {
    let manifest = try Manifest.load()
    var waiting = Dictionary(
      uniqueKeysWithValues: manifest.targets.map { ($0.name, Set($0.dependencies.map(\.name))) })
    let own = Set(waiting.keys)
    func isFree(_ imports: Set<String>) -> Bool {
      imports.intersection(own).allSatisfy { waiting[$0] == nil }
    }
    while let free = waiting.first(where: { isFree($0.value) }) {
      waiting[free.key] = nil
    }
    #expect(waiting.isEmpty, "a circle among \(waiting.keys.sorted())")
  }

  @Test("only the runtime reads clocks and starts threads")
  func sideEffects() throws {
    let above: Set<String> = [
      "LabRuntime", "CursesTerminal", "PseudoTerminal", "backstep", "backstep-bench",
    ]
    for file in try SourceFile.all(under: "Sources") where !above.contains(file.module) {
      for word in [
        "ContinuousClock", "Date()", "Date.now", "Thread {", "Process()", "usleep(", "Thread.sleep",
        "clock_gettime(",
      ] {
        #expect(!file.text.contains(word), "\(file.path) uses \(word)")
      }
    }
  }

  @Test("ncurses is named in one module")
  func ncurses() throws {
    for file in try SourceFile.all(under: "Sources") where file.module != "CursesTerminal" {
      #expect(!file.imports.contains("CNCurses"), "\(file.path)")
    }
  }
}
