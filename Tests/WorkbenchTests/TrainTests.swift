import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("The Train screen")
struct TrainTests {
  @Test("Arriving without a run opens it, paused, with pictures of the untrained network")
  func arriving() throws {
    let pilot = try LabPilot("digits")
    #expect(pilot.state.lab.activity == .paused)
    #expect(pilot.state.lab.position == Position(step: 0))
    let right = try #require(pilot.state.lab.pictures?.right)
    #expect(pilot.text.contains("\(right) of 359 right"))
    #expect(pilot.text.contains("45 steps are one epoch: 1,438 examples in batches of 32"))
  }

  @Test("while a program's own loop runs no other network is trained, and it is said why")
  func awaitsLoop() throws {
    var lab = try TestLab()
    lab.tell(.loopRuns("gan.py"))
    lab.type("4 ")
    #expect(lab.state.lab.settings == nil)
    #expect(lab.state.message?.toast.text.contains("gan.py still runs") == true)
    lab.state.hideMessages()
    #expect(lab.text.contains("gan.py runs"))
    lab.tell(.loopFailed("gan.py:3:1: there is no such layer"))
    lab.type(" ")
    #expect(lab.state.lab.activity == .training)
  }

  @Test("Space plays and pauses; what is shown is what the session measured")
  func playing() throws {
    var pilot = try LabPilot("digits")
    pilot.press(" ")
    #expect(pilot.state.lab.activity == .training)
    pilot.train(7)
    pilot.press(" ")
    #expect(pilot.state.lab.activity == .paused)
    #expect(pilot.lab.session?.position == Position(step: 7))
    let loss = try #require(pilot.lab.session?.history.steps.last?.loss)
    #expect(pilot.text.contains(NumberFormat.compact(loss, digits: 3)))
    #expect(pilot.text.contains("step   7 of 135"))
  }

  @Test("A finished run plays again from its start")
  func replay() throws {
    var pilot = try LabPilot("xor", epochs: 2)
    pilot.press(" ")
    pilot.train(10_000)
    #expect(pilot.state.lab.activity == .finished)
    let count = pilot.state.lab.history.steps.count
    pilot.state.now += 2
    pilot.press(" ")
    #expect(pilot.state.lab.activity == .training)
    #expect(pilot.state.lab.position == Position(step: 0))
    #expect(pilot.state.lab.history.steps.count == count)
  }

  @Test("One step forward and back, an epoch forward and back", arguments: [2, 9])
  func moving(epochs: Int) throws {
    var pilot = try LabPilot("digits", epochs: epochs)
    pilot.press("...")
    #expect(pilot.state.lab.position == Position(step: 3))
    pilot.press(",")
    #expect(pilot.state.lab.position == Position(step: 2))
    pilot.press(")")
    #expect(pilot.state.lab.position == Position(step: 45))
    pilot.press("(")
    #expect(pilot.state.lab.position == Position(step: 0))
  }

  @Test("The pace goes along its ladder; F goes to full speed and back")
  func pace() throws {
    var pilot = try LabPilot("digits", epochs: 20)
    let usual = Pace.tenSeconds(for: 900)
    #expect(pilot.state.lab.pace == usual)
    #expect(pilot.text.contains("◆ 90/s, 10 s a run"))
    pilot.press("-")
    #expect(pilot.lab.pace == .steps(10))
    pilot.press("F")
    #expect(pilot.lab.pace == .full)
    pilot.press("F")
    #expect(pilot.lab.pace == .steps(10))
    pilot.press("----")
    #expect(pilot.lab.pace == .steps(1))
    #expect(pilot.state.message?.toast.text.contains("slowest") == true)
  }

  @Test("The learning rate acts on the run at hand and is kept when it starts over")
  func learningRate() throws {
    var pilot = try LabPilot("spiral")
    let rate = pilot.state.lab.learningRate
    pilot.press("..")
    pilot.press(">")
    #expect(pilot.state.lab.learningRate == 2 * rate)
    #expect(pilot.state.lab.position == Position(step: 2))
    pilot.press(".")
    #expect(pilot.state.lab.history.steps.map(\.learningRate) == [rate, rate, 2 * rate])
    #expect(pilot.text.contains("rate 0.00100 → 0.00200"))
    pilot.press("r")
    #expect(pilot.state.lab.position == Position(step: 0))
    #expect(pilot.state.lab.learningRate == 2 * rate)
  }

  @Test(
    "Another batch size makes a new run where nothing was learned, else the run goes on under it")
  func otherRun() throws {
    var pilot = try LabPilot("spiral")
    focus("settings", &pilot)
    pilot.press(.down)
    pilot.press(.down)
    pilot.press(.right)
    #expect(pilot.state.lab.settings?.batchSize == 64)
    pilot.press(".")
    pilot.press(.enter)
    pilot.press("16")
    pilot.press(.enter)
    #expect(pilot.state.lab.settings?.batchSize == 16)
    #expect(pilot.state.lab.position == Position(step: 1))
    #expect(pilot.state.lab.history.count == 1 && pilot.state.runIsCurrent)
    #expect(pilot.text.contains("batch size 16"))
  }

  @Test("A value that does not fit is refused in words")
  func refusal() throws {
    var pilot = try LabPilot("spiral")
    focus("settings", &pilot)
    pilot.press(.enter)
    pilot.press("-1")
    pilot.press(.enter)
    let message = try #require(pilot.state.message?.toast.text)
    #expect(message.contains("learning rate: -1 does not fit; right would be"))
  }

  @Test("v shows weights, P other probes")
  func views() throws {
    var pilot = try LabPilot("digits")
    let probes = try #require(pilot.state.lab.pictures?.probeRows)
    pilot.press("P")
    let others = try #require(pilot.state.lab.pictures?.probeRows)
    #expect(Set(probes).isDisjoint(with: others))
    #expect(pilot.text.contains("example 1 of each class"))
    pilot.press("v")
    #expect(pilot.state.lab.pictures?.layers.first?.quantity == .weights)
    #expect(pilot.text.contains("shows: weights"))
  }

  @Test("The confusion matrix names a mistake as the most often only when it is")
  func confusion() throws {
    var pilot = try LabPilot("digits")
    for _ in 0..<4 {
      let table = try #require(pilot.state.lab.pictures?.confusion)
      let mistakes = table.indices.flatMap { row in
        table[row].indices.filter { $0 != row }.map { table[row][$0] }
      }
      let most = try #require(mistakes.max())
      let isAlone = mistakes.count { $0 == most } == 1
      #expect(pilot.text.contains("most often:") == isAlone)
      pilot.press(")")
    }
  }

  @Test("The cursor of the loss reads the batch it stands at")
  func cursor() throws {
    var pilot = try LabPilot("digits")
    pilot.press(")")
    pilot.press(.home)
    let first = try #require(pilot.state.lab.history.steps.first?.loss)
    #expect(pilot.text.contains(" step 0 "))
    #expect(pilot.text.contains(NumberFormat.compact(first, digits: 3)))
  }

  @Test("Weights are saved to the file named")
  func saving() throws {
    var pilot = try LabPilot("xor")
    pilot.press("w")
    pilot.press(.enter)
    guard case .saveWeights(let path, _) = pilot.others.last else {
      Issue.record("nothing was asked to be saved")
      return
    }
    #expect(path == "weights.safetensors")
  }

  @Test("No two bindings share a key, and each has help")
  func bindings() throws {
    let pilot = try LabPilot("spiral")
    let keys = pilot.state.bindings.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
    #expect(pilot.state.bindings.allSatisfy { !$0.help.isEmpty && !$0.name.isEmpty })
  }

  @Test(
    "Every size and tier draws, with the panels inside the screen and not over each other",
    arguments: ["digits", "spiral", "iris", "sine"])
  func sizes(data: String) throws {
    var pilot = try LabPilot(data)
    pilot.press(")..,")
    for size in [(60, 16), (79, 20), (80, 24), (99, 40), (100, 30), (120, 36), (200, 60)] {
      pilot.state.size = Size(size.0, size.1)
      let areas = pilot.state.panels.map(\.area).filter { !$0.isEmpty }
      #expect(areas.allSatisfy { $0.intersection(pilot.state.body) == $0 })
      for (index, area) in areas.enumerated() {
        #expect(areas[..<index].allSatisfy { $0.intersection(area).isEmpty })
      }
      for tier in Ability.tiers {
        var state = AppState(
          size: pilot.state.size, ability: tier, library: pilot.state.library,
          workpiece: pilot.state.workpiece)
        _ = state.go(to: .train)
        state.receive(pilot.state.lab)
        let text = state.frame().text.joined()
        #expect(text.contains("step"))
        #expect(tier.glyphs != .ascii || text.allSatisfy(\.isASCII))
      }
    }
  }

  @Test("Each panel of a compact screen is a Tab away, and a zoom fills the screen with it")
  func tabs() throws {
    var pilot = try LabPilot("digits", size: Size(80, 24))
    var seen: Set<String> = []
    for _ in 0..<pilot.state.panels.count {
      let focused = pilot.state.focusedPanel
      seen.insert(focused)
      #expect(pilot.state.panels.first { $0.id == focused }?.area.isEmpty == false)
      pilot.press("z")
      #expect(pilot.state.panels.map(\.area) == [pilot.state.body])
      #expect(!pilot.text.isEmpty)
      pilot.press("z")
      pilot.press(.tab)
    }
    #expect(seen.isSuperset(of: ["loss", "accuracy", "rates", "settings", "confusion", "run"]))
  }

  @Test("A convolution shows its maps with their size, and its kernels")
  func maps() throws {
    var pilot = try LabPilot("digits")
    pilot.state.workpiece.model.inputShape = [8, 8, 1]
    pilot.state.workpiece.model.layers = [
      .known(
        "Conv2D",
        [
          ("filters", .integer(4)), ("kernel_size", .integers([3, 3])),
          ("activation", .text("relu")),
        ]),
      .known("Flatten"),
      .known("Dense", [("units", .integer(10)), ("activation", .text("softmax"))]),
    ]
    pilot.press(" ")
    pilot.train(2)
    #expect(pilot.state.lab.network?.inputShape == [8, 8, 1])
    #expect(pilot.text.contains("conv2d 4 maps 6×6 relu"))
    pilot.press("v")
    #expect(pilot.text.contains("conv2d (3, 3, 1, 4)"))
  }

  private func focus(_ panel: String, _ pilot: inout LabPilot) {
    for _ in 0..<12 where pilot.state.focusedPanel != panel { pilot.press(.tab) }
    #expect(pilot.state.focusedPanel == panel)
  }
}
