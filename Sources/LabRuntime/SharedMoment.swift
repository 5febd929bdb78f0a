import Datasets
import FileFormats
import Foundation
import KerasCode
import NeuralNets
import RunStore
import Tensors
import Training
import Workbench

/// A moment of a run as one line that opens it on any machine: the network, what it learns from and
/// how, what was set by hand, where one stands, and a hash of every number there.
///
/// The line is JSON, packed and written in base64url: it has nothing that a shell would read.
package struct SharedMoment: Codable, Sendable {
  private var format = 1
  private let code: String
  private let data: String
  private let fingerprint: String
  private let note: DataNote
  private let batchSize: Int
  private let epochs: Int
  private let seed: UInt64
  private let changes: [KeptMoment.Change]
  private let step: Int
  private let instruction: Int
  /// Of a program's loop the pass of the step.
  private var pass: Int?
  /// The program's loop that made the run, where one did; steps are those of the program then.
  private(set) var loop: SharedLoop?
  /// Whether one sees what begins there, not what ended.
  private var isBegun: Bool?
  /// What `info digest` shows there, and what computed it.
  package let digest: String
  package let machinery: String
  /// Weights it began with where they were given, as safetensors.
  private var weights: Data?
  /// Its examples where no name finds them, as safetensors.
  private var examples: Data?

  /// What a command line takes in one word, less room for the rest.
  private static let longest = 100_000

  /// The moment at which a run stands.
  /// - Throws: `RunFailure` for what no line can say.
  package init(_ session: Session) throws {
    let isLoop = session.passRun != nil
    loop = isLoop ? try SharedLoop(session) : nil
    isBegun = session.standing.isBegun && session.position.step > 0 ? true : nil
    let settings = session.firstSettings
    do { code = isLoop ? "" : try Printer.program(settings.model) } catch {
      throw RunFailure(
        "a program's own code made this network, which no line says",
        remedy: "the program, and `backstep debug FILE -e \"goto …\"`")
    }
    (data, fingerprint) = (settings.data.name, settings.data.fingerprint)
    note = DataNote(settings)
    (batchSize, epochs, seed) = (settings.batchSize, settings.epochs, settings.seed)
    let position = session.position
    changes = session.changesInForce.filter { $0.step <= session.done }
      .map { KeptMoment.Change(RunRecorder.change($0, of: session)) }
    (step, instruction) = (position.step, position.instruction)
    pass = isLoop ? position.pass : nil
    (digest, machinery) = (session.digest.description, ReplayNote.ownMachinery)
    guard !isLoop else { return }
    if let given = settings.initialWeights {
      let entries = given.sorted { $0.key < $1.key }
        .map { Safetensors.Entry(name: $0.key, tensor: $0.value) }
      weights = Data(try Safetensors(entries: entries).bytes())
    }
    if !ExamplesCopy.isNamed(settings.data) {
      let bytes = try ExamplesCopy.bytes(of: settings.data)
      examples = bytes.count < 4 * Self.longest ? Data(bytes) : nil
    }
  }

  package var position: Position {
    guard loop != nil else { return Position(step: step, instruction: instruction) }
    return Position(step: step, pass: pass ?? 0, instruction: instruction)
  }

  // MARK: As a line

  /// The line without `backstep at`. Examples that are too many for it are left out: who opens it
  /// then says where they are.
  /// - Throws: `RunFailure` when even so it is too long.
  package func text() throws -> String {
    var moment = self
    var line = try moment.line()
    if line.utf8.count > Self.longest {
      moment.examples = nil
      moment.loop = moment.loop?.withoutFiles
      line = try moment.line()
    }
    guard line.utf8.count <= Self.longest else {
      guard loop == nil else {
        throw RunFailure(
          "the program of this run is too long for a line",
          remedy: "the program, and `backstep debug FILE -e \"goto …\"`")
      }
      throw RunFailure(
        "the weights this run began with are too many for a line",
        remedy: "their file, and `backstep train --init`")
    }
    return line
  }

  private func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let packed = Gzip.packed([UInt8](try encoder.encode(self)))
    return Data(packed).base64EncodedString()
      .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .trimmingCharacters(in: ["="])
  }

  /// Reads a line.
  /// - Throws: `RunFailure` when it is none, or was cut off.
  package init(line: String) throws {
    let plain = line.replacingOccurrences(of: "-", with: "+")
      .replacingOccurrences(of: "_", with: "/")
    let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
    guard let packed = Data(base64Encoded: padded),
      let bytes = try? Gzip.unpacked([UInt8](packed), file: "moment", limit: 1 << 24),
      let moment = try? JSONDecoder().decode(Self.self, from: Data(bytes)), moment.format == 1,
      moment.step >= 0, moment.instruction >= 0, moment.batchSize > 0, moment.epochs >= 0
    else {
      throw RunFailure(
        "this is no moment, or not all of one",
        remedy: "the whole line that `share` printed, or r12@500.3")
    }
    self = moment
  }

  // MARK: Opening

  /// What opens the moment.
  package struct Opened: Sendable {
    let workpiece: Workpiece
    let settings: RunSettings
    let changes: [Replay.Change]
  }

  /// Makes ready what opens it.
  /// - Parameter own: data at hand, where no name finds it.
  /// - Throws: `RunFailure`, `FileFailure`, `Diagnostic`: what is missing or other here.
  package func open(_ library: DatasetLibrary, own: Dataset? = nil) throws -> Opened {
    let model = try ModelFile.read(code, file: "moment.py").description
    let found = try find(library, own, for: model)
    var workpiece = Workpiece(
      model: model, dataset: found.dataset, epochs: epochs, batchSize: batchSize, seed: seed,
      fileName: "moment.py")
    workpiece.preparation = found.preparation
    workpiece.shuffles = note.shuffles
    workpiece.isSaved = false
    var settings = RunSettings(
      model: model, data: found.data, batchSize: batchSize, epochs: epochs, seed: seed,
      shuffles: note.shuffles)
    if let weights {
      let all = try Safetensors(parsing: [UInt8](weights), file: "the moment's weights")
      settings.initialWeights = Dictionary(all.entries.map { ($0.name, $0.tensor) }) { $1 }
    }
    let finder = KeptData(nil, library, own: own)
    let replayed = try changes.map {
      try Replay.Change(
        LiveChange(step: $0.step, name: $0.name, value: $0.value), of: RunNumber(0), finder)
    }
    return Opened(
      workpiece: replayed.last { $0.workpiece != nil }?.workpiece ?? workpiece,
      settings: settings, changes: replayed)
  }

  private func find(
    _ library: DatasetLibrary, _ own: Dataset?, for model: ModelDescription
  ) throws -> (dataset: Dataset, preparation: DataPreparation, data: TrainingData) {
    if own == nil, let examples {
      let data = try ExamplesCopy.examples([UInt8](examples), file: "the moment", as: data)
      guard data.fingerprint == fingerprint, let dataset = Dataset(ready: data) else {
        throw RunFailure("the examples in the line are damaged", remedy: "the line as it was")
      }
      return (dataset, DataPreparation(unseenShare: 0, standardizes: false), data)
    }
    do {
      return try KeptData(nil, library, own: own).find(
        KeptData.Wanted(
          run: "the run", name: own?.name ?? data, fingerprint: fingerprint, note: note,
          examples: nil, path: nil), for: model)
    } catch let failure as RunFailure {
      throw RunFailure(failure.problem, remedy: failure.remedy + ", given as --data")
    }
  }

  /// A session that stands at the moment.
  package func session(_ library: DatasetLibrary, own: Dataset? = nil) throws -> Session {
    if let loop {
      let session = try Session(passes: try loop.recorded())
      try loop.go(session, changes, instruction: instruction)
      return session
    }
    let opened = try open(library, own: own)
    let session = try Session(opened.settings)
    for change in opened.changes {
      session.go(to: Position(step: change.live.step))
      try change.make(in: session)
    }
    session.go(to: standing)
    return session
  }

  /// Where one stands, and how.
  package var standing: Standing { Standing(position, isBegun: isBegun ?? false) }

  /// The same in the lab: what its own thread does to come there.
  /// - Returns: the passes, which are in the lab then.
  func openLoop(in lab: Lab, _ loop: SharedLoop) throws -> PassRun {
    let run = try loop.recorded()
    lab.handle(.openPasses(run))
    if let session = lab.session {
      try loop.go(session, changes, instruction: instruction)
      lab.handle(.stand(session.standing))
    }
    return run
  }

  /// What differs where a session stands at the moment; nil when every number is the same.
  package func difference(_ session: Session) -> String? {
    guard session.digest.description != digest else { return nil }
    return "the numbers here are not those that were shared: their digest is \(session.digest), "
      + "not \(digest) (there \(machinery), here \(ReplayNote.ownMachinery))"
  }
}

/// A moment of a run of the record, as one types it: `r12@500.3`, or `r12@500`.
package struct RecordedMoment: Hashable, Sendable {
  package let run: RunNumber
  package let position: Position

  /// Nil when the text is none.
  package init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let run = RunNumber(parsing: String(parts[0])) else { return nil }
    let numbers = parts[1].split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(numbers.count), let step = numbers[0], step >= 0,
      let instruction = numbers.count == 2 ? numbers[1] : 0, instruction >= 0
    else { return nil }
    self.run = run
    position = Position(step: step, instruction: instruction)
  }
}
