import Datasets
import FileFormats
import Foundation
import KerasCode
import Scripts
import Testing

extension ProgramTemplate: CustomTestStringConvertible {
  package var testDescription: String { name }

  /// What is drawn by chance in a way that Keras cannot do alike.
  var drawsOfItsOwn: Bool {
    ["Dropout(", "layers.Random", "keras.random."].contains { text.contains($0) }
  }

  /// The paragraph that says what it reaches.
  var promise: String { paragraphs.first { $0.hasPrefix("Reaches ") } ?? "" }

  /// A folder with the program and its data, all or a few examples of them.
  func folder(examples: Int? = nil) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let wanted = examples.map { "\(data):examples=\($0)" } ?? data
    let archive = try DatasetLibrary().open(wanted).npz()
    try Data(archive).write(to: folder.appending(path: dataFile))
    try Data(text.utf8).write(to: folder.appending(path: fileName))
    return folder
  }
}

/// The first and the last number of a sentence: what is reached, and the baseline.
private struct Figures {
  let reached: Double
  let baseline: Double

  init?(_ text: some StringProtocol) {
    let numbers = String(text).matches(of: /\d+(?:\.\d+)?/).compactMap { Double($0.output) }
    guard let first = numbers.first, let last = numbers.last, numbers.count > 1 else { return nil }
    (reached, baseline) = (first, last)
  }

  var isBetterWhenMore: Bool { reached > baseline }
}

@Suite("Templates run")
struct TemplateTests {
  static let all = TemplateLibrary.shipped.templates
  private static let isLong = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1"

  @Test("Every template can be read, and says what it reaches and what a baseline does")
  func descriptions() throws {
    #expect(TemplateLibrary.shipped.failures.isEmpty)
    #expect(Self.all.count >= 13)
    #expect(Set(Self.all.map(\.title)).count == Self.all.count)
    for template in Self.all {
      #expect(Figures(template.promise) != nil, "\(template.name): \(template.promise)")
      #expect(DatasetLibrary().contains(template.data), "\(template.name)")
      #expect(template.text.contains("np.load(\"\(template.dataFile)\")"), "\(template.name)")
      #expect(template.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
  }

  @Test("Every template runs to its end and says a figure and a baseline", arguments: all)
  func runs(_ template: ProgramTemplate) throws {
    let folder = try template.folder(examples: 120)
    defer { try? FileManager.default.removeItem(at: folder) }
    let host = try template.paced(in: folder)
    #expect(host.losses.count >= 2 && host.losses.allSatisfy(\.isFinite))
    guard host.losses.count < PacedHost.steps else { return }
    let last = host.printed.split(separator: "\n").last ?? ""
    #expect(Figures(last) != nil, "\(template.name): \(last)")
  }

  @Test(
    "Every template reaches what it says, in the median of three seeds, in less than a minute",
    .enabled(if: isLong, "BACKSTEP_LONG=1"), arguments: all)
  func reaches(_ template: ProgramTemplate) throws {
    let folder = try template.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let promise = try #require(Figures(template.promise))
    var figures: [Double] = []
    let clock = ContinuousClock()
    var times: [Duration] = []
    for seed: UInt64 in 1...3 {
      var output = ""
      let console = ScriptConsole(now: { 0 }, write: { output += $0 })
      times.append(
        try clock.measure {
          try ScriptHost.run(
            template.text, file: template.fileName, folder: ProgramFolder(folder), seed: seed,
            console)
        })
      figures.append(try #require(Figures(output.split(separator: "\n").last ?? "")).reached)
    }
    let median = figures.sorted()[1]
    print("\(template.name): \(figures), \(times.sorted()[1]); promised \(promise.reached)")
    if promise.isBetterWhenMore {
      #expect(median >= promise.reached && promise.reached > promise.baseline)
    } else {
      #expect(median <= promise.reached && promise.reached < promise.baseline)
    }
  }
}

@Suite("Templates in Keras", .enabled(if: KerasChild.runs, "no Python with Keras"))
struct KerasTemplateTests {
  @Test("Real Keras runs every template as it stands, and its losses are the lab's")
  func real() throws {
    var (folders, hosts): ([URL], [PacedHost]) = ([], [])
    defer { for folder in folders { try? FileManager.default.removeItem(at: folder) } }
    for template in TemplateTests.all {
      let folder = try template.folder(examples: 120)
      folders.append(folder)
      let host = try template.paced(in: folder)
      hosts.append(host)
      for (i, weights) in host.begun.enumerated() {
        let entries = weights.enumerated().map { place, weight in
          NumPyArchive.Entry(name: "w\(place)", array: NumPyArray(weight.tensor))
        }
        try Data(try NumPyArchive(entries: entries).bytes())
          .write(to: folder.appending(path: "begun-\(i).npz"))
      }
    }
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "run_templates.py")
    let answer = try KerasChild.run(
      [script.path, "\(PacedHost.epochs)", "\(PacedHost.steps)"] + folders.map(\.path))
    let losses = try JSONDecoder().decode([[Double]].self, from: Data(answer.utf8))
    #expect(losses.count == hosts.count)
    for (template, (keras, host)) in zip(TemplateTests.all, zip(losses, hosts)) {
      #expect(keras.count == host.losses.count, "\(template.name)")
      for (theirs, ours) in zip(keras, host.losses) {
        let tolerance = template.drawsOfItsOwn ? 0.5 : 1e-3
        #expect(
          abs(theirs - ours) <= tolerance * abs(theirs),
          "\(template.name): Keras \(keras), here \(host.losses)")
      }
    }
  }
}
