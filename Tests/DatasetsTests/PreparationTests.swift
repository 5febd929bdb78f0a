import Datasets
import FileFormats
import Tensors
import Testing

@Suite("Split")
struct SplitTests {
  @Test(
    "each class gives its share within one example, whatever the seed",
    arguments: [0.01, 0.1, 0.2, 0.333, 0.5, 0.9, 0.99])
  func shares(fraction: Double) throws {
    let classNumbers = (0..<97).map { $0 % 7 == 0 ? 2 : $0 % 3 == 0 ? 1 : 0 }
    for seed in 0..<50 as Range<UInt64> {
      let split = try Split.stratified(classNumbers: classNumbers, fraction: fraction, seed: seed)
      #expect((split.training + split.validation).sorted() == Array(0..<97))
      #expect(split.training == split.training.sorted())
      #expect(split.validation == split.validation.sorted())
      #expect(abs(Double(split.validation.count) - 97 * fraction) <= 1)
      for number in 0...2 {
        let total = classNumbers.count { $0 == number }
        let taken = split.validation.count { classNumbers[$0] == number }
        #expect(abs(Double(taken) - fraction * Double(total)) < 1)
      }
    }
  }

  @Test("the same seed draws the same rows, another seed others")
  func seeds() throws {
    let digits = try DatasetLibrary().load("digits")
    let split = try digits.split(fraction: 0.2, seed: 1)
    #expect(try digits.split(fraction: 0.2, seed: 1) == split)
    #expect(try digits.split(fraction: 0.2, seed: 2) != split)
  }

  @Test("Keras takes the last rows", arguments: [(10, 0.2, 8), (7, 0.5, 3), (1000, 0.1, 900)])
  func lastRows(count: Int, fraction: Double, kept: Int) throws {
    let split = try Split.lastRows(count: count, fraction: fraction)
    #expect(split == Split(training: Array(0..<kept), validation: Array(kept..<count)))
  }

  @Test("no fraction keeps all rows for training")
  func none() throws {
    let whole = Split(training: [0, 1], validation: [])
    #expect(try Split.lastRows(count: 2, fraction: 0) == whole)
    #expect(try Split.stratified(classNumbers: [0, 1], fraction: 0, seed: 1) == whole)
  }

  @Test("fractions without sense are refused", arguments: [-0.1, 1, 1.5, .nan, .infinity])
  func refusals(fraction: Double) {
    #expect(throws: Split.Failure.self) { try Split.lastRows(count: 10, fraction: fraction) }
    #expect(throws: Split.Failure.self) {
      try Split.stratified(classNumbers: [0, 1, 0], fraction: fraction, seed: 0)
    }
  }

  @Test("too few rows are refused")
  func tooFew() {
    #expect(throws: Split.Failure.self) { try Split.lastRows(count: 3, fraction: 0.9) }
    #expect(throws: Split.Failure.self) {
      try Split.stratified(classNumbers: [0], fraction: 0.5, seed: 0)
    }
  }
}

@Suite("Batches")
struct BatchesTests {
  @Test(
    "all examples go into batches, the last one may be short",
    arguments: [(0, 4, 0), (7, 4, 2), (8, 4, 2), (9, 4, 3), (9, Int.max, 1), (9, 0, 9)])
  func count(examples: Int, size: Int, expected: Int) {
    #expect(Batches.count(of: examples, by: size) == expected)
  }

  @Test("rows are gathered with their targets")
  func gather() {
    let part = Dataset.Part(
      inputs: Tensor(shape: [3, 2], scalars: [1, 2, 3, 4, 5, 6]),
      targets: Tensor(shape: [3], scalars: [10, 20, 30]))
    let taken = part.rows([2, 0])
    #expect(taken.inputs == Tensor(shape: [2, 2], scalars: [5, 6, 1, 2]))
    #expect(taken.targets.scalars == [30, 10])
  }
}

@Suite("Standardizer")
struct StandardizerTests {
  @Test("only the rows it is fitted on count, and a constant becomes 0")
  func fitting() {
    let inputs = Tensor(shape: [3, 2], scalars: [1, 0.1, 3, 0.1, 1000, 0.1])
    let standardizer = Standardizer(fitting: inputs, rows: [0, 1])
    #expect(standardizer.means == [2, 0.1])
    #expect(standardizer.deviations == [1, 1])
    #expect(standardizer.apply(to: inputs).scalars == [-1, 0, 1, 0, 998, 0])
  }

  @Test(
    "training rows get mean 0 and deviation 1, and the inverse gives them back",
    arguments: ["iris", "moons"])
  func moments(name: String) throws {
    let dataset = try DatasetLibrary().load(name)
    let rows = try dataset.split(fraction: 0.2, seed: 3).training
    let standardizer = Standardizer(fitting: dataset.inputs, rows: rows)
    let standardized = standardizer.apply(to: dataset.inputs)
    for position in dataset.features.indices {
      let numbers = rows.map { standardized[$0, position] }
      let summary = ColumnSummary(name: "z", numbers: numbers)
      #expect(abs(summary.mean) < 1e-5)
      #expect(abs(summary.deviation - 1) < 1e-5)
    }
    let back = standardizer.inverse(of: standardized)
    #expect(zip(back.scalars, dataset.inputs.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}

@Suite("What data looks like")
struct SummaryTests {
  @Test("a summary leaves out what is no number, and counts it")
  func summary() {
    let summary = ColumnSummary(name: "x", numbers: [1, 2, .nan, 3, 4, .infinity], bins: 3)
    #expect(summary.minimum == 1 && summary.maximum == 4)
    #expect(summary.mean == 2.5)
    #expect(summary.deviation == 1.25.squareRoot())
    #expect(summary.missing == 2)
    #expect(summary.histogram == [1, 1, 2])
  }

  @Test("constant, empty and huge columns are safe")
  func extremes() {
    #expect(ColumnSummary(name: "x", numbers: [0.1, 0.1], bins: 2).histogram == [2, 0])
    #expect(ColumnSummary(name: "x", numbers: [0.1, 0.1, 0.1]).deviation == 0)
    #expect(ColumnSummary(name: "x", numbers: [], bins: 2).histogram == [0, 0])
    let huge: [Float] = [-.greatestFiniteMagnitude, .greatestFiniteMagnitude]
    #expect(ColumnSummary(name: "x", numbers: huge, bins: 2).histogram == [1, 1])
  }

  private func dataset(
    _ inputs: [Float], _ targets: [Float], validation: Dataset.Part? = nil
  ) -> Dataset {
    Dataset(
      name: "d", origin: "Here.", license: "mine", features: ["a", "b"],
      task: .classification(classes: ["no", "yes"]),
      training: Dataset.Part(
        inputs: Tensor(shape: [targets.count, 2], scalars: inputs),
        targets: Tensor(shape: [targets.count], scalars: targets)), validation: validation)
  }

  @Test("quiet data has no warnings")
  func quiet() {
    #expect(dataset([0, 1, 1, 0], [0, 1]).warnings.isEmpty)
  }

  @Test("warnings name their numbers")
  func warnings() {
    #expect(
      dataset([0, 0, 2, 100], [0, 1]).warnings.map(\.description)
        == ["scales differ: σ is 1.0 in a and 50.0 in b"])
    #expect(
      dataset([0, 99, 2, 101], [0, 1]).warnings.map(\.description)
        == ["b is far from 0: mean 100.0, σ 1.0"])
    #expect(
      dataset([0, .nan, 1, 0], [0, 1]).warnings == [.missing(column: "b", count: 1)])
    #expect(
      dataset([0, 1, 1, 0, 2, 3, 3, 2, 1, 1], [0, 0, 0, 0, 1]).warnings
        == [.imbalance(smallest: "yes", 1, largest: "no", 4)])
  }

  @Test("pixels are judged by their range")
  func range() throws {
    #expect(try DatasetLibrary().load("digits").warnings == [.wideRange(0...16)])
  }

  @Test("examples that parts share are counted")
  func leakage() {
    let validation = Dataset.Part(
      inputs: Tensor(shape: [2, 2], scalars: [1, 0, 5, 5]),
      targets: Tensor(shape: [2], scalars: [0, 0]))
    let data = dataset([0, 1, 1, 0, 1, 0], [0, 1, 1], validation: validation)
    #expect(
      data.warnings == [
        .leakage(count: 1, of: 2, part: "validation", from: "training"), .duplicates(count: 1),
      ])
    #expect(
      data.leakage(in: Split(training: [0, 1], validation: [2]))
        == .leakage(count: 1, of: 1, part: "validation", from: "training"))
    #expect(data.leakage(in: Split(training: [1, 2], validation: [0])) == nil)
  }
}
