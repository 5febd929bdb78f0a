import NeuralNets
import Synchronization
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Train: one screen a run, and what its pictures leave out")
struct TrainPictureTests {
  /// A network that learns from points and one that learns from noise take turns.
  private func turns() throws -> PassRun {
    let models = [
      ModelDescription.perceptron(inputShape: [2], hidden: [5], classes: 2),
      ModelDescription.perceptron(inputShape: [4], hidden: [3], classes: 3),
    ]
    let random = CounterRandom(seed: 3, name: "turns")
    let passes = try (0..<12).map { pass in
      let which = pass % 2
      let width = which == 0 ? 2 : 4
      let numbers = (0..<8 * width).map { Float(random.normal(at: pass * 100 + $0)) }
      return PassRun.Pass(
        network: which,
        batch: Examples(
          inputs: Tensor(shape: [8, width], scalars: numbers),
          targets: Tensor(shape: [8], scalars: (0..<8).map { Float($0 % (pass % 3 + 1)) })),
        updates: pass / 2, learningRate: 0.05,
        given: pass < 2 ? try Network(models[which]).initialWeights(seed: 2) : [:])
    }
    return PassRun(
      name: "loop.py",
      networks: zip(["judge", "maker"], models).enumerated().map { i, named in
        PassRun.Network(
          name: named.0, program: i, model: named.1, seed: 2, sharedNames: [:], memory: named.0)
      }, passes: passes)
  }

  @Test(
    "while two networks take turns the panels stay, and all pictures are of one of them",
    arguments: LayersLook.allCases)
  func passes(look: LayersLook) throws {
    var pilot = try LabPilot("moons")
    pilot.state.train.layers.look = look
    pilot.run([.lab(.openPasses(try turns()))])
    pilot.run([.lab(.go(Position(step: 1)))])
    let panels = pilot.state.panels
    let range = try #require(pilot.state.lab.pictures?.plane?.across)
    var learning: [String] = []
    for done in 2...9 {
      #expect(pilot.state.panels.map(\.id) == panels.map(\.id))
      #expect(pilot.state.panels.map(\.area) == panels.map(\.area))
      #expect(pilot.state.lab.network?.inputShape == [2])
      #expect(pilot.state.lab.pictures?.plane?.across == range)
      #expect(pilot.text.contains("pictures are of judge"))
      learning.append(try #require(pilot.state.lab.pass).network)
      pilot.run([.lab(.go(Position(step: done)))])
    }
    #expect(Set(learning) == ["judge", "maker"])
  }

  @Test("on Step what is counted are passes, in words and along the axis")
  func countsPasses() throws {
    var pilot = try LabPilot("moons", screen: .step)
    pilot.run([.lab(.openPasses(try turns()))])
    pilot.run([.lab(.go(Position(step: 4)))])
    pilot.state.step.interest.watches = ["loss"]
    pilot.run([.lab(.look(pilot.state.interest))])
    pilot.press("W")
    #expect(pilot.text.contains("before: one pass earlier"))
    #expect(pilot.text.contains("of pass "))
    let axis = pilot.state.frame().text.last {
      $0.dropLast(1).reversed().drop { $0 == " " }.starts(with: "ssap")
    }
    #expect(axis != nil)
    #expect(!pilot.text.contains("one step earlier"))
  }

  @Test("in a step of another network gradients are those of the batch that is shown")
  func gradients() throws {
    var pilot = try LabPilot("moons")
    pilot.run([.lab(.openPasses(try turns()))])
    pilot.run([.lab(.go(Position(step: 5)))])
    let there = try #require(pilot.state.lab.pictures?.plane?.units.map(\.gradientNorm))
    #expect(there.allSatisfy { $0 != nil })
    pilot.run([.lab(.go(Position(step: 6)))])
    #expect(pilot.state.lab.pass?.network == "maker")
    #expect(pilot.state.lab.pictures?.plane?.units.map(\.gradientNorm) == there)
    pilot.run([.lab(.go(Position(step: 12))), .lab(.go(Position(step: 6)))])
    let norms = try #require(pilot.state.lab.pictures?.plane?.units.map(\.gradientNorm))
    #expect(norms == there || norms.allSatisfy { $0 == nil })
  }

  /// A run on examples of which each has the same inputs, all 0: one class is said of them all.
  private func openRun(classes: Int, targets: [Int], _ pilot: inout LabPilot) {
    let model = ModelDescription.perceptron(inputShape: [3], hidden: [], classes: classes)
    let examples = Examples(
      inputs: Tensor(
        shape: [targets.count, 3], scalars: [Float](repeating: 0, count: targets.count * 3)),
      targets: Tensor(shape: [targets.count], scalars: targets.map(Float.init)))
    let data = TrainingData(
      name: "zeros", training: examples, classes: (0..<classes).map(String.init))
    pilot.run([
      .lab(.open(RunSettings(model: model, data: data, batchSize: 64, epochs: 1, seed: 1)))
    ])
  }

  @Test("a confusion of ten classes with counts of three digits is whole")
  func threeDigits() throws {
    for size in [Size(120, 36), Size(100, 30)] {
      var pilot = try LabPilot("digits", size: size)
      openRun(classes: 10, targets: (0..<1500).map { $0 % 10 }, &pilot)
      #expect(pilot.text.contains("0  1  2  3  4  5  6  7  8  9"))
      #expect(pilot.text.contains("150"))
    }
  }

  @Test("a confusion that is not whole says which part it is, and shows what it names")
  func part() throws {
    var pilot = try LabPilot("digits")
    openRun(classes: 59, targets: (0..<590).map { $0 % 59 } + [1, 1], &pilot)
    pilot.run([.lab(.setWeight("dense/bias", at: 57, to: 5))])
    #expect(pilot.text.contains("said 57 for 1"))
    #expect(pilot.text.contains("of 59"))
    let area = try #require(pilot.state.panels.first { $0.id == "confusion" }).area
    let inside = pilot.state.frame().text.map { String($0.dropFirst(area.x).prefix(area.width)) }
    #expect(inside.contains { $0.contains(" 56 57") })
    #expect(inside.contains { $0.contains(" 1 ") && $0.contains("12") })
  }

  @Test(
    "what the colors of the layers that are shown mean is said", arguments: ["digits", "linear"],
    [Size(120, 36), Size(100, 30), Size(80, 24)])
  func legend(data: String, size: Size) throws {
    var pilot = try LabPilot(data, size: size)
    pilot.press("..")
    let text = pilot.text
    #expect(text.contains("███ most") || text.contains("0 ███ +"))
  }

  @Test("beside pictures of examples their losses leave a column of air")
  func losses() throws {
    var pilot = try LabPilot("digits")
    pilot.press(")))")
    let area = try #require(pilot.state.panels.first { $0.id == "worst" }).area
    let lines = pilot.state.frame().text.map { String($0.dropFirst(area.x).prefix(area.width)) }
    let losses = lines.filter { $0.contains("L ") && $0.contains("▀") }
    #expect(!losses.isEmpty)
    for line in losses { #expect(line.firstMatch(of: /[0-9]▀/) == nil) }
  }

  @Test("a view that opens takes away what was said of another one")
  func otherView() throws {
    var pilot = try LabPilot("digits")
    openRun(classes: 3, targets: [0, 1, 2], &pilot)
    pilot.press("I")
    #expect(pilot.state.message?.toast.text.contains("no view") == true)
    pilot.press("O")
    #expect(pilot.state.message == nil)
  }

  @Test("the time that is left goes by what was measured, also when a run rests")
  func left() throws {
    var pilot = try LabPilot("digits", epochs: 20)
    let time = Mutex(0.0)
    pilot.lab.clock = { time.withLock { $0 } }
    pilot.press(" ")
    for _ in 0..<4 {
      pilot.train(10)
      time.withLock { $0 += 1 }
      pilot.train(0)
    }
    let running = try #require(pilot.text.firstMatch(of: /left +([0-9]+) s/)).1
    pilot.press(" ")
    #expect(pilot.state.lab.activity == .paused)
    #expect(try #require(pilot.text.firstMatch(of: /left +([0-9]+) s/)).1 == running)
    #expect(pilot.state.lab.stepsPerSecond == 10)
  }
}
