import Datasets
import FileFormats
import Foundation
import Tensors
import Testing

@Suite("Options of any data")
struct OptionTests {
  private let library = DatasetLibrary()

  @Test(
    "a text with options reads back as itself",
    arguments: [
      "spiral", "spiral:arms=3,noise=0.2", "iris:seed=7,balance=setosa:0.2,label-noise=0.1",
      "xor:features=x1^2+x1x2+sin(x2)",
      "a/b.csv:target=price,missing=mean,encode=one-hot,header=no",
      "iris:outliers=0.1,outlier-distance=3.0", "d.csv:ignore=a+b,task=regression,delimiter=tab",
    ])
  func roundTrip(text: String) throws {
    let read = try DataSpecification(parsing: text)
    #expect(read.description == text)
    #expect(try DataSpecification(parsing: read.description) == read)
  }

  @Test(
    "a value that is none is refused by its option",
    arguments: [
      "xor:noise=much", "xor:features=x1^3", "d.csv:missing=guess", "d.csv:encode=maybe",
      "iris:balance=setosa", "d.csv:delimiter=xx", "iris:seed=-1", "d.csv:header=maybe",
    ])
  func refusals(text: String) {
    #expect(throws: FileFailure.self) { try DataSpecification(parsing: text) }
  }

  @Test(
    "options that do not fit the data are refused",
    arguments: [
      "spiral:sides=3", "iris:arms=3", "iris:balance=rose:0.5", "iris:features=x5^2",
      "iris:label-noise=2", "iris:examples=151", "sine:balance=A:0.5", "iris:outliers=-1",
      "spiral:arms=2.5", "iris:balance=setosa:0+versicolor:0+virginica:0",
    ])
  func misfits(text: String) {
    #expect(throws: FileFailure.self) { try library.open(text) }
  }

  @Test("the name of shaped data opens the same data again")
  func names() throws {
    let text = "moons:noise=0.3,seed=9,label-noise=0.05,outliers=0.02,features=x1^2"
    let dataset = try library.open(text)
    #expect(try library.open(dataset.name).fingerprint == dataset.fingerprint)
    #expect(try library.open("moons").name == "moons")
  }

  @Test("features are Playground's formulas with their names", arguments: ["x1^2", "X₁²", "x1**2"])
  func squares(text: String) { #expect(DerivedFeature(text) == .square(0)) }

  @Test("further inputs are computed from the others")
  func features() throws {
    let dataset = try library.open("moons:features=x1²+x₂^2+x1*x2+sin_x1+sin(3x2)")
    #expect(dataset.features == ["x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin 3x₂"])
    for row in 0..<dataset.count {
      let x = Array(dataset.example(row))
      #expect(x[2] == x[0] * x[0] && x[3] == x[1] * x[1] && x[4] == x[0] * x[1])
      #expect(abs(x[5] - sin(x[0])) < 1e-6 && abs(x[6] - sin(3 * x[1])) < 1e-6)
    }
    #expect(DerivedFeature.playground.allSatisfy { DerivedFeature($0.description) == $0 })
  }

  @Test("balance keeps its share of a class")
  func balance() throws {
    let iris = try library.open("iris:balance=setosa:0.2+virginica:0.5")
    #expect(iris.classCounts == [10, 50, 25])
    #expect(iris.features.count == 4)
  }

  @Test("a share of the labels is wrong, and only of them")
  func labelNoise() throws {
    let (clean, noisy) = (try library.load("iris"), try library.open("iris:label-noise=0.2"))
    let changed = zip(clean.targets.scalars, noisy.targets.scalars).count { $0 != $1 }
    #expect(changed == 30 && noisy.inputs == clean.inputs)
    #expect(noisy.classNumbers != nil)
  }

  @Test("outliers lie as far away as they are told, noise spreads in units of the column")
  func outliers() throws {
    let clean = try library.load("iris")
    let far = try library.open("iris:outliers=0.1,outlier-distance=8")
    let moved = (0..<150).filter { Array(far.example($0)) != Array(clean.example($0)) }
    #expect(moved.count == 15)
    let noisy = try library.open("iris:noise=0.5")
    for (column, summary) in clean.columnSummaries().enumerated() {
      for row in moved {
        let shift = abs(far.inputs[row, column] - clean.inputs[row, column])
        #expect(abs(Double(shift) - 8 * summary.deviation) < 1e-3)
      }
      let shifts = (0..<150).map { noisy.inputs[$0, column] - clean.inputs[$0, column] }
      let spread = ColumnSummary(name: "shift", numbers: shifts).deviation
      #expect(abs(spread / summary.deviation - 0.5) < 0.15)
    }
  }

  @Test("fewer examples are drawn by chance, the same for the same seed")
  func examples() throws {
    let some = try library.open("digits:examples=100")
    #expect(some.count == 100 && Set(some.targets.scalars).count == 10)
    #expect(try library.open("digits:examples=100").fingerprint == some.fingerprint)
    #expect(try library.open("digits:examples=100,seed=1").fingerprint != some.fingerprint)
  }

  @Test("generators take their own settings", arguments: [2, 3, 5])
  func classes(count: Int) throws {
    for text in ["spiral:arms", "blobs:centers", "gauss:centers", "rings:rings"] {
      let dataset = try library.open("\(text)=\(count)")
      #expect(dataset.task.classes?.count == count)
      #expect(dataset.classCounts.allSatisfy { $0 > 0 })
    }
  }

  @Test("truth tables are their functions")
  func truthTables() throws {
    for (name, answers) in [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("nand", [1, 1, 1, 0])] {
      let table = try library.load(name)
      #expect(table.inputs == Tensor(shape: [4, 2], scalars: [0, 0, 0, 1, 1, 0, 1, 1]))
      #expect(table.classNumbers == answers)
    }
  }

  @Test("ratings lie in 1 to 5 and rate no pair twice; yin-yang has its three parts")
  func formulas() throws {
    let ratings = try library.load("ratings")
    #expect(ratings.targets.scalars.allSatisfy { (1...5).contains($0) })
    #expect(Set((0..<1000).map { Array(ratings.example($0)) }).count == 1000)
    let sign = try library.load("yin-yang")
    #expect(sign.classCounts.allSatisfy { (133...134).contains($0) })
    #expect(try library.load("yin_yang") == sign)
    for row in 0..<400 where sign.answer(row) == "dot" {
      let x = Array(sign.example(row))
      #expect(min(hypot(x[0] - 0.5, x[1]), hypot(x[0] + 0.5, x[1])) <= 0.2)
    }
  }
}

@Suite("What is made of tables")
struct TableTests {
  private func read(_ text: String, _ change: (inout TableOptions) -> Void) throws -> Dataset {
    var options = TableOptions()
    change(&options)
    return try UserData.parse(Array(text.utf8), type: "csv", file: "d.csv", options: options)
  }

  private let gaps = "a,b,y\n1,4,0\n,6,1\n3,,0\n3,8,1\n"

  @Test(
    "gaps are filled as asked",
    arguments: [
      (TableOptions.Missing.mean, [7.0 / 3, 6]), (.median, [3, 6]), (.mostFrequent, [3, 4]),
      (.constant(-1), [-1, -1]),
    ])
  func fillers(missing: TableOptions.Missing, numbers: [Double]) throws {
    let dataset = try read(gaps) { $0.missing = missing }
    #expect(dataset.inputs[1, 0] == Float(numbers[0]) && dataset.inputs[2, 1] == Float(numbers[1]))
    #expect(dataset.profile.map(\.missing) == [1, 1, 0] && dataset.notes.count == 2)
  }

  @Test("rows with gaps can be left out, and rows without their target are")
  func dropping() throws {
    let dropped = try read(gaps) { $0.missing = .dropRows }
    #expect(dropped.inputs.scalars == [1, 4, 3, 8])
    let targets = try read("a,y\n1,0.5\n2,\n3,1.5\n") { $0.missing = .mean }
    #expect(targets.targets.scalars == [0.5, 1.5])
    #expect(throws: FileFailure.self) { try read("a,y\n,1\n2,\n") { $0.missing = .dropRows } }
  }

  @Test("words become columns of 0 and 1, numbers in alphabetical order, or truths")
  func encodings() throws {
    let text = "c,b,y\nred,yes,1.5\nblue,no,2.5\nred,no,0.5\n"
    let oneHot = try read(text) { _ in }
    #expect(oneHot.features == ["c=blue", "c=red", "b"])
    #expect(oneHot.inputs.scalars == [0, 1, 1, 1, 0, 0, 0, 1, 0])
    let ordinal = try read(text) { $0.encoding = .ordinal }
    #expect(ordinal.inputs.scalars == [1, 1, 0, 0, 1, 0])
    #expect(oneHot.profile.map(\.kind) == [.category, .boolean, .number])
  }

  @Test("columns are left out, chosen as target by number, and asked for as classes")
  func choices() throws {
    let text = "id,a,y,d\nx1,1,3,2024-01-02\nx2,2,5,2024-01-03\nx3,4,3,2024-01-04\n"
    let dataset = try read(text) {
      ($0.target, $0.ignored, $0.task) = ("3", ["id", "d"], .classification)
    }
    #expect(dataset.features == ["a"] && dataset.task.classes == ["3", "5"])
    #expect(dataset.classNumbers == [0, 1, 0])
    let failure = #expect(throws: FileFailure.self) { try read(text) { $0.target = "y" } }
    #expect(failure?.right.contains("ignore = d") == true)
  }

  @Test("many different words are refused with the remedy")
  func tooManyWords() {
    let rows = (0..<50).map { "name\($0),\($0 % 2)" }.joined(separator: "\n")
    let failure = #expect(throws: FileFailure.self) { try read("n,y\n\(rows)\n") { _ in } }
    #expect(failure?.place == "d.csv:2" && failure?.right.contains("ignore = n") == true)
  }
}
