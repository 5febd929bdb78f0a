import NeuralNets
import Tensors
import Testing
import Training

@Suite("Pictures of a run")
struct PictureTests {
  /// What names no class, or none of these: no number, no size, below 0, beyond every `Int`.
  private static let oddities: [Float] = [.nan, .infinity, -.infinity, -3, 1e30, 7]

  /// The pictures of a sample run whose unseen examples have these targets.
  private static func pictures(_ sample: String, targets: [Float], width: Int) throws -> LabPictures
  {
    let known = try #require(SampleRun.all.first { $0.name == sample }).settings
    let count = targets.count / width
    let unseen = Examples(
      inputs: known.data.training.inputs.rows(Array(0..<count)),
      targets: Tensor(shape: [count, width], scalars: targets))
    let data = TrainingData(
      name: sample, training: known.data.training, validation: unseen,
      classes: known.data.classes)
    let lab = Lab()
    lab.handle(.open(RunSettings(model: known.model, data: data, batchSize: 8, epochs: 1, seed: 1)))
    lab.handle(.look(Interest(pictures: true)))
    lab.handle(.move(1, .step))
    return try #require(lab.snapshot().pictures)
  }

  @Test("targets that name no class are left out of what was judged")
  func oddClasses() throws {
    let pictures = try Self.pictures("binary, Nesterov", targets: Self.oddities + [0, 1], width: 1)
    #expect(pictures.probeLabels == ["0", "1"])
    #expect(pictures.worst.map(\.isClass).sorted() == [0, 1, 7])
    #expect(pictures.confusion?.flatMap { $0 }.reduce(0, +) == 2)
  }

  @Test("examples without classes are named by their rows, whatever their targets")
  func oddNumbers() throws {
    let pictures = try Self.pictures("dense, SGD", targets: Self.oddities, width: 2)
    #expect(pictures.probeLabels == ["0", "1", "2"])
    #expect(pictures.fitted.count == 3 && pictures.confusion == nil)
  }
}
