import Autodiff
import Datasets
import KerasCode
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("What Step says is true of the step it stands at")
struct StepTruthTests {
  private static let sizes = [Size(120, 36), Size(100, 30), Size(80, 24)]

  /// A network as its code has it, over random numbers, with a long name.
  private func rig(
    _ code: String, inputs shape: Shape, size: Size = Size(120, 36)
  ) throws -> StepRig {
    let imports =
      "import keras\nfrom keras.layers import Conv2D, Dense, Embedding, Flatten, LSTM\n"
    let model = try ModelFile.read(imports + code, file: "model.py").description
    let random = CounterRandom(seed: 5, name: "examples")
    let whole = Shape([6] + shape.extents)
    let part = Dataset.Part(
      inputs: Tensor(
        shape: whole,
        scalars: (0..<whole.count).map {
          code.contains("Embedding") ? Float($0 % 9) : Float(random.normal(at: $0))
        }),
      targets: Tensor(shape: [6, 1], scalars: (0..<6).map { Float($0) }))
    let dataset = Dataset(
      name: "a-long-name-of-a-program.py", origin: "drawn for a test", license: "none",
      features: (0..<shape.count).map { "x\($0)" }, task: .regression, training: part)
    var piece = Workpiece(model: model, dataset: dataset, epochs: 5, batchSize: 3, seed: 2)
    piece.preparation = DataPreparation(unseenShare: 0)
    return StepRig(piece, size, .full)
  }

  @Test("at the end of a step it counts among those done, with its loss", arguments: sizes)
  func done(_ size: Size) throws {
    var rig = try StepRig.digits(size: size)
    rig.go(3, rig.moment.plan.instructions.count)
    #expect(rig.moment.isDone)
    let loss = NumberFormat.fixed(try #require(rig.moment.loss), decimals: 4)
    let text = rig.text
    #expect(text[0].hasSuffix("4 steps done"), "\(text[0])")
    let timeline = try #require(text.first { $0.contains("Timeline") })
    #expect(
      timeline.contains(" 4 of 900 steps done") && timeline.contains("loss \(loss)"), "\(timeline)")
    rig.press(".")
    #expect(rig.text[0].contains("step 4 · "), "\(rig.text[0])")
  }

  @Test("the top line has one form in all of a step, also where names are long", arguments: sizes)
  func form(_ size: Size) throws {
    var rig = try rig(
      "model = keras.Sequential([keras.Input((6,)), Dense(5, activation='relu'), Dense(1)])\n"
        + "model.compile(optimizer='adam', loss='mse')\n", inputs: [6], size: size)
    let count = rig.moment.plan.instructions.count
    #expect(count > 10)
    let forms = Set(
      (1..<count).map { done -> String in
        rig.go(1, done)
        return rig.text[0].filter { !$0.isNumber && $0 != " " }
      })
    #expect(forms.count == 1, "\(forms)")
  }

  @Test("weight decay shows what it reads, what it takes away and what it leaves", arguments: sizes)
  func decay(_ size: Size) throws {
    var rig = try rig(
      "model = keras.Sequential([keras.Input((6,)), Dense(5), Dense(1)])\n"
        + "model.compile(optimizer=keras.optimizers.AdamW(0.1, weight_decay=0.5), loss='mse')\n",
      inputs: [6], size: size)
    let line = try #require(rig.moment.plan.instructions.firstIndex { $0.title == "decay" })
    rig.go(0, line + 1)
    let text = rig.text.joined(separator: "\n")
    #expect(!text.contains("full speed"), "\(text)")
    for row in ["param before", "λ lr param", "param after"] {
      #expect(text.contains(row), "\(row)")
    }
    #expect(Words.sentences(of: rig.moment)[0].contains("loses 0.0500 of itself, λ × lr"))
    let update = try #require(ParameterUpdate(rig.moment))
    #expect(update.gradient == nil)
    for (old, new) in zip(update.before.scalars, update.after.scalars) {
      #expect(abs(new - old * 0.95) < 1e-6)
    }
  }

  @Test("a weight that was set says so where it was set, below its formula", arguments: sizes)
  func set(_ size: Size) throws {
    var rig = try StepRig.digits(size: size)
    let line = try #require(
      rig.moment.plan.instructions.firstIndex { $0.results.first?.rule.isAdam == true })
    rig.go(4, line + 1)
    rig.run([.ask("set dense/kernel[0,0] = 0.5")])
    rig.state.step.interest.cell = 0
    rig.run([.lab(.look(rig.state.interest))])
    let text = rig.text
    #expect(text.contains { $0.contains("set by hand as the next step begins: 0.5") })
    #expect(text.contains { $0.contains("│ w ←") }, "the new weight has lost its line")
    // As the next step begins it is so.
    rig.go(5, line + 1)
    #expect(rig.moment.before.first?.tensor.scalars.first == 0.5)
  }

  @Test("columns of a sum never touch, however many numbers name a term", arguments: sizes)
  func columns(_ size: Size) throws {
    var rig = try rig(
      "model = keras.Sequential([keras.Input((14, 14, 8)),"
        + " Conv2D(3, 3, padding='same', name='conv'), Flatten(), Dense(1)])\n"
        + "model.compile(optimizer='adam', loss='mse')\n", inputs: [14, 14, 8], size: size)
    rig.go(0, 1)
    rig.state.step.interest.cell = (12 * 14 + 12) * 3
    rig.run([.lab(.look(rig.state.interest))])
    let text = rig.text
    let head = try #require(text.firstIndex { $0.contains("product") && $0.contains("r,c,d") })
    let terms = try #require(CellPanel.terms(rig.moment)).sorted {
      abs($0.product) > abs($1.product)
    }
    let first = text[head + 1]
    let place = TermNames(terms).place(of: terms[0])
    #expect(first.contains(" \(place) "), "\(text[head])\n\(first)")
    #expect(text[head].contains("r,c,d "), "\(text[head])")
  }

  @Test("numbers of words are no picture, those of a scan are one, however large")
  func pictures() throws {
    let words = try rig(
      "model = keras.Sequential([keras.Input((64,)), Embedding(9, 2), Flatten(), Dense(1)])\n"
        + "model.compile(optimizer='adam', loss='mse')\n", inputs: [64])
    let scans = try rig(
      "model = keras.Sequential([keras.Input((32, 32, 1)), Flatten(), Dense(1)])\n"
        + "model.compile(optimizer='adam', loss='mse')\n", inputs: [32, 32, 1])
    for (rig, isPicture) in [(words, false), (scans, true)] {
      var grid = CellGrid(size: Size(34, 9), ability: .full)
      ExamplePanel(rig.state, rig.moment).draw(grid.bounds, false, on: &grid)
      #expect(grid.text[2].contains("▀▀▀▀▀▀▀▀") == isPicture, "\(grid.text)")
    }
  }

  @Test("keys that would do nothing are not offered")
  func keys() throws {
    var rig = try rig(
      "inner = keras.Sequential([keras.Input((6,)), Dense(5)], name='inner')\n"
        + "model = keras.Sequential([keras.Input((6,)), inner, Dense(1)])\n"
        + "model.compile(optimizer='adam', loss='mse')\n", inputs: [6])
    rig.go(1, 2)
    #expect(rig.text.last?.contains("[ ] example") == true)
    #expect(rig.text.last?.contains("( time") == false)
    rig.go(1, rig.moment.plan.instructions.count)
    #expect(rig.text.last?.contains("[ ] example") == false, "\(rig.text.last ?? "")")
    let names = StepBindings.all(rig.state).filter { $0.keys.contains(KeyStroke(")")) }.map(\.name)
    #expect(names == ["next step"])
  }

  @Test("of an LSTM's sum only the gate is named that reads the chosen column")
  func gates() throws {
    var rig = try rig(
      "model = keras.Sequential([keras.Input((5, 1)), LSTM(4), Dense(1)])\n"
        + "model.compile(optimizer='adam', loss='mse')\n", inputs: [5, 1], size: Size(160, 60))
    let line = try #require(rig.moment.plan.instructions.firstIndex { $0.title == "z" })
    rig.go(0, line + 1)
    #expect(Words.sentences(of: rig.moment)[0].contains("contributions are added"))
    for (gate, name) in ["i", "f", "g", "o"].enumerated() {
      rig.state.step.interest.cell = 4 * gate
      rig.run([.lab(.look(rig.state.interest))])
      let uses = try #require(rig.text.first { $0.contains("used by") })
      let users = uses.split(separator: "used by").last?.prefix { $0 != "│" } ?? ""
      #expect(users.contains(" \(name)") && !users.contains("·"), "\(name): \(users)")
    }
  }
}

extension CellRule {
  fileprivate var isAdam: Bool {
    if case .adam = self { true } else { false }
  }
}
