import Foundation
import TestSupport
import Testing

/// A server of the files of a folder on this machine, by Python's own.
private final class LocalServer {
  private let process = Process()
  let port: Int

  /// Nil where there is no Python.
  init?(serving folder: URL) {
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    process.currentDirectoryURL = folder
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    // "Serving HTTP on 127.0.0.1 port 40123 …"
    let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    let words = line.split(separator: " ")
    guard let place = words.firstIndex(of: "port"), place + 1 < words.count,
      let port = Int(words[place + 1])
    else {
      process.terminate()
      return nil
    }
    self.port = port
  }

  deinit { process.terminate() }
}

@Suite("Fetching files", .waitsForPrograms)
struct FetchTests {
  private static let table = "x,y\n1,0.5\n2,1.5\n"

  @Test("a file is copied, checked and made a data set; what is there is not fetched again")
  func file() throws {
    let backstep = try Backstep(files: ["t.csv": Self.table])
    defer { backstep.remove() }
    let first = try backstep.run(["data", "fetch", "t.csv", "--name", "mine", "--json"])
    #expect(first.status == 0)
    let told = try #require(try first.objects().first)
    let hash = try #require(told["sha256"] as? String)
    #expect(told["bytes"] as? Int == Self.table.utf8.count && told["examples"] as? Int == 2)
    let path = try #require(told["path"] as? String)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.table)
    #expect(try backstep.run(["data", "show", "mine"]).status == 0)
    let again = try backstep.run([
      "data", "fetch", "t.csv", "--sha256", hash.uppercased(), "--json",
    ])
    #expect(try again.objects().first?["fetched"] as? Bool == false)
    let wrong = String(hash.reversed())
    let refused = try backstep.run(["data", "fetch", "t.csv", "--sha256", wrong])
    #expect(refused.status == 65 && refused.errors.contains(hash))
    // The file that was right stays, and nothing half-done beside it.
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.csv"])
  }

  @Test(
    "what cannot be fetched is refused with its exit code",
    arguments: [
      ("none.csv", 66, "no such file"), ("ftp://x/y.csv", 64, "http"),
      ("http://127.0.0.1", 64, "name"),
      ("http://127.0.0.1:1/a.csv", 69, "127.0.0.1"), ("sub", 65, "folder"),
      ("t.csv --sha256 12", 64, "64 hexadecimal"), ("t.csv --name iris", 64, "iris"),
    ] as [(String, Int32, String)])
  func refusals(line: String, status: Int32, words: String) throws {
    let backstep = try Backstep(files: ["t.csv": Self.table])
    defer { backstep.remove() }
    try FileManager.default.createDirectory(
      at: backstep.folder.appending(path: "sub"), withIntermediateDirectories: true)
    let result = try backstep.run(["data", "fetch"] + line.split(separator: " ").map(String.init))
    #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
  }

  @Test("a place that cannot be written ends with 74")
  func unwritable() throws {
    let backstep = try Backstep(files: ["t.csv": Self.table, "home": "a file, not a folder"])
    defer { backstep.remove() }
    #expect(try backstep.run(["data", "fetch", "t.csv"]).status == 74)
  }

  @Test("a server's file comes whole; one that it does not have is none")
  func server() throws {
    let backstep = try Backstep(files: ["t.csv": Self.table])
    defer { backstep.remove() }
    let big = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    try big.write(to: backstep.folder.appending(path: "big.bin"))
    guard let server = LocalServer(serving: backstep.folder) else {
      print("skipped: python3 -m http.server does not start here")
      return
    }
    let address = "http://127.0.0.1:\(server.port)/"
    let table = try backstep.run(["data", "fetch", address + "t.csv?a=b", "--json"])
    let path = try #require(try table.objects().first?["path"] as? String)
    #expect(path.hasSuffix("/files/t.csv"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.table)
    let large = try backstep.run(["data", "fetch", address + "big.bin", "--json"])
    let place = try #require(try large.objects().first?["path"] as? String)
    #expect(try Data(contentsOf: URL(fileURLWithPath: place)) == big)
    let gone = try backstep.run(["data", "fetch", address + "gone.csv"])
    #expect(gone.status == 66 && gone.errors.contains("404"))
  }
}
