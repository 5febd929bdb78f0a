import Autodiff
import Datasets
import KerasCode
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

/// Networks that write: letters in, letters out.
@Suite("Sequences of letters on the screens")
struct LettersTests {
  private static let letters = [" ", "\n", "a", "b", "c", "d"]

  private static func piece() throws -> Workpiece {
    let code = """
      import keras
      from keras import layers
      inputs = keras.Input((5,))
      x = layers.Embedding(6, 4)(inputs)
      model = keras.Model(inputs, layers.Dense(6)(x))
      model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))

      """
    let random = CounterRandom(seed: 5, name: "letters")
    func part(_ rows: Int, from first: Int) -> Dataset.Part {
      let tokens = (0..<rows * 6).map { Float(Int(random.uniform(at: first + $0) * 6)) }
      func window(_ shift: Int) -> [Float] {
        (0..<rows).flatMap { row in tokens[row * 6 + shift..<row * 6 + shift + 5] }
      }
      return Dataset.Part(
        inputs: Tensor(shape: [rows, 5], scalars: window(0)),
        targets: Tensor(shape: [rows, 5], scalars: window(1)))
    }
    var dataset = Dataset(
      name: "letters", origin: "drawn for a test", license: "none",
      features: (0..<5).map { "t\($0)" }, task: .classification(classes: letters),
      training: part(12, from: 0), validation: part(6, from: 1_000))
    dataset.vocabulary = letters
    var piece = Workpiece(
      model: try ModelFile.read(code, file: "letters.py").description, dataset: dataset, epochs: 5,
      batchSize: 4, seed: 2)
    piece.preparation = DataPreparation(unseenShare: 0)
    return piece
  }

  @Test("an example of letters shows its letters, how many places are right, and no probability")
  func example() throws {
    var rig = StepRig(try Self.piece(), Size(120, 36), .full)
    let forward = rig.moment.plan.range(of: .forward).upperBound
    rig.go(3, forward)
    let text = rig.text.joined(separator: "\n")
    #expect(text.contains("wants "))
    #expect(text.contains("says "))
    #expect(text.contains(" of 5"))
    #expect(!text.contains("p("))
    #expect(!text.contains("guess"))
    let lens = try #require(rig.moment.lens)
    let said = try #require(lens.prediction)
    #expect(said.count == 30)
    let right = (0..<5).count { place in
      let row = Array(said.scalars[place * 6..<place * 6 + 6])
      return row.indices.max { row[$0] < row[$1] } == Int(lens.target.scalars[place])
    }
    #expect(text.contains("right \(right) of 5"))
  }

  @Test("a loss with from_logits is content with scores, and softmax before it is advised against")
  func logits() throws {
    var state = try BuildRig.state()
    state.workpiece = try Self.piece()
    let check = try #require(state.buildChecks.first { $0.title.hasPrefix("loss") })
    #expect(check.verdict == .good, "\(check.text)")
    let last = state.workpiece.model.layers.count - 1
    try state.workpiece.model.layers[last].arguments.set("activation", .text("softmax"))
    let advice = try #require(state.buildChecks.first { $0.title == "loss" })
    #expect(advice.verdict == .advice)
    #expect(advice.fix?.title == "a linear output", "\(advice)")
  }

  @Test("a blank and the end of a line have signs that are seen, as wide as a letter")
  func names() {
    let names = TokenNames(Self.letters)
    #expect((0..<6).map { names.name(ofToken: $0) } == ["_", "¶", "a", "b", "c", "d"])
    var snapshot = LabSnapshot()
    snapshot.shownClasses = Self.letters
    #expect(snapshot.classNames.allSatisfy { $0.count == 1 && $0 != " " })
  }
}
