import Foundation
import TestSupport
import Testing

@testable import KerasCode

@Suite("What a program leaves behind")
struct LifetimeTests {
  struct Program: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let folder: URL

    func read(_ name: String) throws -> [UInt8] {
      guard let data = try? Data(contentsOf: folder.appending(path: name)) else {
        throw Complaint("there is no file \"\(name)\"")
      }
      return Array(data)
    }
  }

  static let programs: [Program] = {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Programs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path())) ?? []
    let written = names.sorted().compactMap { name -> Program? in
      let folder = root.appending(path: name)
      let text = try? String(contentsOf: folder.appending(path: "program.py"), encoding: .utf8)
      return text.map { Program(testDescription: name, text: $0, folder: folder) }
    }
    let templates = TemplateLibrary.shipped.templates.map {
      Program(testDescription: $0.name, text: $0.text, folder: root)
    }
    return written + templates
  }()

  @Test("nothing of a program that was run is left", arguments: programs)
  func run(_ program: Program) throws { try leavesNothing(program) { TestHost() } }

  @Test("nothing of a program that was read for its model is left", arguments: programs)
  func read(_ program: Program) throws {
    try leavesNothing(program) { RecordingHost(program.read) }
  }

  /// The host lives as long as whoever runs the program, the account as long as any of its lists and
  /// arrays.
  private func leavesNothing(_ program: Program, host: () -> some ProgramHost) throws {
    weak var livingHost: AnyObject?
    weak var account: MemoryAccount?
    var layers: [Weak] = []
    do {
      let host = host()
      let evaluator = Evaluator(
        SourceText(name: "program.py", text: program.text), host: host,
        budget: Evaluator.Budget(steps: 300_000))
      (host as? RecordingHost)?.evaluator = evaluator
      defer { evaluator.untie() }
      (livingHost, account) = (host, evaluator.account)
      // How far it comes with a host that trains nothing does not matter here.
      try? evaluator.run(Parser.program(evaluator.source))
      layers = evaluator.heap.compactMap { ($0 as? InstanceObject)?.state as? SubclassedLayer }
        .flatMap { [Weak(object: $0), Weak(object: $0.payload)] }
    }
    #expect(livingHost == nil)
    #expect(account == nil)
    #expect(layers.allSatisfy { $0.object == nil }, "layers of its own classes, and their traces")
  }

  private struct Weak {
    weak var object: AnyObject?
  }
}
