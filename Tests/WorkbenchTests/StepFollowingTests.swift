import Autodiff
import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Step follows a run that trains")
struct StepFollowingTests {
  /// The digits run on Step, which trains at a pace.
  private func rig(_ pace: Pace, size: Size = Size(120, 36)) throws -> StepRig {
    var rig = try StepRig.digits(size: size)
    rig.run(WatchKeys.add("dense_2/bias[0]", &rig.state))
    rig.run([.lab(.pace(pace))])
    rig.press(" ")
    return rig
  }

  private func train(_ rig: inout StepRig, _ steps: Int = 1) {
    _ = rig.lab.train(steps: steps)
    rig.state.receive(rig.lab.snapshot())
  }

  @Test("Space lets the run go on and pauses it; a run that is over says so")
  func toggles() throws {
    var rig = try rig(.steps(10))
    #expect(rig.lab.activity == .training && rig.state.screen == .step)
    train(&rig)
    rig.press(" ")
    #expect(rig.lab.activity == .paused)
    rig.press(" ")
    #expect(rig.lab.activity == .training)
    rig.press(" ")
    rig.run([.lab(.go(Position(step: 900)))])
    rig.press(" ")
    #expect(rig.lab.activity == .finished)
    #expect(rig.state.message?.toast.text.contains("the run is over") == true)
  }

  @Test(
    "at a slow pace each step is shown with its update, its past and what is watched",
    arguments: [Size(120, 36), Size(80, 24)])
  func slow(_ size: Size) throws {
    var rig = try rig(.steps(10), size: size)
    for step in 0..<4 {
      train(&rig)
      let text = rig.text
      #expect(rig.moment.step == step && rig.moment.isDone)
      #expect(text[0].contains("●") && text[0].hasSuffix("step \(step)"), "\(text[0])")
      #expect(size.width < 100 || text[0].contains("training · 10 steps/s"), "\(text[0])")
      #expect(text.contains { $0.contains("param before") })
      #expect(!text.contains { $0.contains("looking back") || $0.contains("full speed") })
      let past = try #require(rig.moment.weightPast)
      #expect(past.weight.points.last?.step == step && !past.isPending)
      let watch = try #require(rig.moment.watches.first)
      let bias = try #require(rig.lab.session?.plan.value(named: "dense_2/bias"))
      #expect(try watch.now.get().shownNumber == rig.lab.session?.execution.number(bias, at: 0))
      #expect(watch.past.points.last?.value == (try watch.now.get().shownNumber))
      #expect(watch.past.points.map(\.step) == Array(0...step))
    }
    // The same numbers as of a run that nobody looks at.
    let other = try StepRig.digits()
    other.lab.handle(.look(Interest()))
    other.lab.handle(.play)
    _ = other.lab.train(steps: 4)
    #expect(other.lab.session?.digest == rig.lab.session?.digest)
    #expect(
      other.lab.session?.history.steps.map(\.loss) == rig.lab.session?.history.steps.map(\.loss))
  }

  @Test(
    "a pause comes back to the number that one looked at, in the step that is reached",
    arguments: [Pace.steps(10), .full])
  func comesBack(_ pace: Pace) throws {
    var rig = try StepRig.digits()
    rig.run([.lab(.pace(pace))])
    // The update of dense_1/kernel, the second number of its third row.
    let plan = rig.moment.plan
    let wanted = try #require(
      plan.instructions.firstIndex { line in
        line.phase == .update && line.results.contains { plan[$0.value].name == "dense_1/kernel" }
      })
    rig.go(2, wanted + 1)
    rig.state.focus[.step] = "result"
    let weight = try #require(rig.moment.results.firstIndex { $0.name == "dense_1/kernel" })
    while rig.moment.result != weight { rig.press("}") }
    rig.press(.home)
    rig.press(.pageUp)
    while rig.moment.cell >= 32 { rig.press(.up) }
    rig.press(.down)
    rig.press(.down)
    rig.press(.right)
    #expect(rig.moment.cell == 2 * 32 + 1)
    rig.press(" ")
    train(&rig, 5)
    #expect(rig.moment.isDone)
    rig.press(" ")
    #expect(rig.lab.activity == .paused)
    #expect(rig.moment.step == 6 && rig.moment.instruction == wanted)
    #expect(rig.moment.results[rig.moment.result].name == "dense_1/kernel")
    #expect(rig.moment.cell == 2 * 32 + 1)
    #expect(rig.moment.weightPast?.weight.points.last?.step == 6)
    // What the pause went back over is done again.
    let other = try StepRig.digits()
    other.lab.handle(.play)
    _ = other.lab.train(steps: 9)
    rig.press(" ")
    train(&rig, 3)
    #expect(other.lab.session?.digest == rig.lab.session?.digest)
  }

  @Test("a number that one chose while the run went on stays chosen at the pause")
  func choosesAnother() throws {
    var rig = try StepRig.digits()
    rig.run([.lab(.pace(.steps(10)))])
    rig.go(2, 4)
    rig.press(" ")
    train(&rig)
    rig.state.focus[.step] = "result"
    rig.press(.right)
    let chosen = rig.moment.cell
    rig.press(" ")
    #expect(rig.moment.isDone && rig.moment.cell == chosen)
  }

  @Test("at full speed the step at hand shows its update, and that its past comes at rest")
  func fast() throws {
    var rig = try rig(.full)
    train(&rig, 8)
    #expect(rig.moment.step == 7)
    let text = rig.text.joined(separator: "\n")
    #expect(text.contains("● training · full speed · step 7"))
    #expect(text.contains("param before"))
    #expect(!text.contains("looking back") && !text.contains("latest steps again"))
    #expect(text.contains("drawn when it rests"))
    rig.press(" ")
    #expect(rig.moment.weightPast?.weight.points.map(\.step) == Array(0...7))
  }
}

@Suite("Large counts on Step")
struct LargeCountTests {
  @Test("a sum of thousands says with a separator how many terms are added")
  func separators() throws {
    let count = 1500
    let inputs = Tensor(
      shape: [6, count], scalars: (0..<6 * count).map { Float($0 % 17 + 1) / 17 })
    let dataset = Dataset(
      name: "wide", origin: "made for a test", license: "none",
      features: (0..<count).map { "x\($0)" }, task: .classification(classes: ["A", "B"]),
      training: Dataset.Part(
        inputs: inputs, targets: Tensor(shape: [6], scalars: [0, 1, 0, 1, 0, 1])))
    var piece = Workpiece(
      model: .perceptron(inputShape: [count], hidden: [], classes: 2), dataset: dataset, epochs: 2,
      batchSize: 3)
    piece.preparation = DataPreparation(unseenShare: 0)
    var rig = StepRig(piece, Size(120, 36), .full)
    rig.press(".")
    #expect(rig.text.contains { $0.contains(#/the other 1,4\d\d, added/#) })
  }
}

@Suite("A watched number is said whole")
struct WatchLineTests {
  @Test(
    "in a narrow line the name gives way, an array's range its digits", arguments: [24, 27, 40])
  func narrow(_ width: Int) throws {
    var rig = try StepRig.digits()
    rig.go(2, 20)
    rig.run(WatchKeys.add("norm(dense/kernel) + norm(dense_1/kernel)", &rig.state))
    rig.run(WatchKeys.add("dense/kernel", &rig.state))
    let lines = rig.moment.watches.map { WatchLine($0, rig.moment) }
    let text = lines[0].line(width: width).runs.map(\.text).joined()
    #expect(TextWidth.columns(text) <= width)
    let number = try #require(text.split(separator: "=").last)
    #expect(!number.contains("…") && Float(number.drop { $0 == " " }) != nil, "\(text)")
    let range = lines[1].value(width: width).runs.map(\.text).joined()
    #expect(TextWidth.columns(range) <= width && !range.contains("…"), "\(range)")
    #expect(range.contains("64×64 from -"), "\(range)")
  }
}
