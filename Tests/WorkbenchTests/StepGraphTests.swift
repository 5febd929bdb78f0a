import Autodiff
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("The graph of one example")
struct StepGraphTests {
  @Test("g shows every array from input to loss with the example's numbers; g closes")
  func shows() throws {
    var rig = try StepRig.digits()
    rig.go(3, 14)
    rig.press("]")
    rig.press("g")
    let graph = try #require(rig.moment.graph)
    #expect(rig.state.focusedPanel == "graph")
    #expect(graph.nodes.first?.symbol == "x")
    #expect(graph.nodes.last?.name == "loss")
    let session = try #require(rig.lab.session)
    for node in graph.nodes {
      let numbers = session.execution.numbers(of: node.value)
      let width = node.value.shape.count == 1 ? 1 : node.value.shape.count / 32
      let start = node.value.shape.count == 1 ? 0 : graph.example * width
      #expect(node.numbers == Array(numbers[start..<start + width]), "\(node.name)")
      #expect(node.gradients == nil || (node.gradientInstruction ?? 99) < 14)
    }
    #expect(graph.nodes.contains { $0.gradients != nil })
    #expect(graph.nodes.contains { $0.gradientInstruction != nil && $0.gradients == nil })
    rig.press("g")
    #expect(rig.state.step.view == .line)
    #expect(rig.moment.graph == nil)
    #expect(rig.moment.done == 14)
  }

  @Test(
    "while g is open its example stays, whatever number is the largest; closed it follows again")
  func keepsExample() throws {
    var rig = try StepRig.digits()
    rig.go(3, 1)
    var followed: Set<Int> = []
    for done in 1...10 {
      rig.go(3, done)
      followed.insert(try #require(rig.moment.lens?.place))
    }
    #expect(followed.count > 1)
    rig.go(3, 1)
    let example = try #require(rig.moment.lens?.place)
    rig.press("g")
    for _ in 2...10 {
      rig.press(".")
      #expect(rig.moment.graph?.example == example)
    }
    rig.press("g")
    #expect(rig.state.step.interest.example == nil)
    rig.go(3, 1)
    #expect(rig.text.contains { $0.contains("follows the largest number") })
  }

  @Test("arrows go along edges: left to where the largest part comes from")
  func followsEdges() throws {
    var rig = StepRig.toy()
    rig.go(2, 4)
    rig.press("g")
    let focus = try #require(rig.moment.graph?.focus)
    #expect(focus.explanation.name.hasPrefix("dense_1/product["))
    let sizes = focus.edges.map { abs($0.term.product) }
    #expect(sizes == sizes.sorted(by: >))
    #expect(sizes.count == 4)
    let strongest = try #require(focus.edges.first?.place)
    rig.press(.left)
    #expect(rig.state.step.interest.graphPlace == strongest)
    rig.press(.right)
    #expect(rig.state.step.interest.graphPlace?.value == focus.place.value)
    rig.press(.home)
    #expect(rig.text.contains { $0.contains("it comes with the batch") })
    rig.press(.enter)
    #expect(rig.state.message?.toast.text.contains("no instruction makes it") == true)
  }

  @Test("Enter goes to the instruction that makes the chosen number, and looks at it")
  func goesThere() throws {
    var rig = StepRig.toy()
    rig.go(2, 18)
    rig.press("g")
    rig.press(.end)
    rig.press(.left)
    for _ in 0..<9 { rig.press(.down) }
    let place = try #require(rig.state.step.interest.graphPlace)
    let graph = try #require(rig.moment.graph)
    let node = graph.nodes[try #require(graph.node(of: place.value))]
    #expect(place.isGradient == (node.gradientInstruction != nil))
    let maker = try #require(place.isGradient ? node.gradientInstruction : node.instruction)
    rig.press(.enter)
    #expect(rig.moment.done == maker + 1)
    #expect(rig.moment.cell == place.unit)
    #expect(rig.state.step.view == .graph)
    rig.press(.escape)
    #expect(rig.state.step.view == .line)
    #expect(rig.moment.done == maker + 1)
  }

  @Test("of large arrays the strongest units are listed, and how many there are besides")
  func countsTheRest() throws {
    var rig = try StepRig.digits()
    rig.go(0, 3)
    rig.press("g")
    let graph = try #require(rig.moment.graph)
    let area = try #require(rig.state.panels.first { $0.id == "graph" }).area
    let columns = GraphColumns(
      graph, GraphKeys.place(graph, rig.state), in: GraphPanel.numbers(area))
    let node = try #require(graph.nodes.firstIndex { $0.name == "dense/output" })
    let units = columns.units(of: node)
    let numbers = try #require(graph.nodes[node].numbers)
    let least = units.map { abs(numbers[$0]) }.min() ?? 0
    #expect(numbers.indices.allSatisfy { units.contains($0) || abs(numbers[$0]) <= least })
    #expect(rig.text.contains { $0.contains("and \(64 - units.count) more") })
  }

  @Test("it draws at every size and tier, for every kind of net", arguments: StepScreenTests.sizes)
  func draws(size: Size) throws {
    for var rig in [StepRig.toy(size: size), try .digits(size: size), .memory(size: size)] {
      for done in [0, 5, 12] {
        rig.go(1, done)
        rig.state.step.view = .line
        rig.press("g")
        for ability in Ability.tiers {
          rig.state.ability = ability
          #expect(rig.text.count == size.height)
        }
        for key: Key in [.right, .down, .pageDown, .end, .left, .up] { rig.press(key) }
        rig.press("g")
      }
    }
  }

  @Test("a click chooses a number of the graph")
  func clicks() throws {
    var rig = StepRig.toy()
    rig.go(2, 18)
    rig.press("g")
    let area = try #require(rig.state.panels.first { $0.id == "graph" }).area
    let point = Point(area.x + 30, area.y + 5)
    rig.run(rig.state.handle(.mouse(Mouse(.press, .left, at: point))))
    let graph = try #require(rig.moment.graph)
    #expect(
      rig.state.step.interest.graphPlace == GraphPlace(value: graph.nodes[1].value.id, unit: 1))
  }
}

@Suite("Step says everything in full")
struct StepWholeWordsTests {
  /// A word that was cut: `formula and num…`. Numbers go on with a space: `0.12 …`.
  private func cut(_ rig: StepRig) -> [String] {
    rig.text.filter { line in
      let characters = Array(line)
      return characters.indices.dropFirst().contains {
        characters[$0] == "…" && characters[$0 - 1] != " "
      }
    }
  }

  @Test(
    "no word is cut at any line of the plan",
    arguments: [Size(80, 24), Size(100, 30), Size(120, 36), Size(200, 60), Size(60, 16)])
  func cutsNothing(size: Size) throws {
    for var rig in [try StepRig.digits(size: size), .toy(size: size), .memory(size: size)] {
      let stride = rig.moment.plan.instructions.count > 40 && size != Size(100, 30) ? 7 : 1
      for done in Swift.stride(from: 0, through: rig.moment.plan.instructions.count, by: stride) {
        rig.go(3, done)
        #expect(cut(rig).isEmpty, "\(done): \(cut(rig))")
      }
    }
  }

  @Test("a click or a drag on the timeline goes there")
  func goesByTimeline() throws {
    var rig = try StepRig.digits()
    rig.go(40, 5)
    let area = try #require(rig.state.panels.first { $0.id == "timeline" }).area
    func mouse(_ action: Mouse.Action, _ x: Int, _ row: Int) {
      rig.run(rig.state.handle(.mouse(Mouse(action, .left, at: Point(area.x + x, area.y + row)))))
    }
    mouse(.press, 14 + 4 * 9, 2)
    #expect(rig.moment.done == 10)
    mouse(.drag, 14 + 4 * 2, 2)
    #expect(rig.moment.done == 3)
    #expect(rig.moment.step == 40)
    mouse(.press, 14, 1)
    #expect(rig.moment.step == 0)
    mouse(.press, 100, 1)
    #expect(rig.moment.step == 0)
    #expect(rig.state.message?.toast.text.contains("has not been trained yet") == true)
  }

  @Test("Enter asks what if on a weight, and says why not elsewhere")
  func asksWhatIf() throws {
    var rig = StepRig.toy()
    rig.go(2, 11)
    rig.press(.enter)
    #expect(rig.state.field == nil)
    #expect(rig.state.message?.toast.text.contains("is computed") == true)
    #expect(!rig.text[35].contains("what if"))
    rig.go(2, 17)
    #expect(rig.text[35].contains("what if"))
    rig.press(.enter)
    #expect(rig.state.field?.label.hasPrefix("dense_1/kernel[") == true)
    rig.press("0.5")
    let effects = rig.state.handle(.key(.enter, []))
    guard case .ask(let command)? = effects.first else {
      Issue.record("nothing was asked")
      return
    }
    #expect(command.hasPrefix("set dense_1/kernel[") && command.hasSuffix("= 0.5"))
    #expect(rig.lab.ask(command).first?.contains("from the start of step 3 on") == true)
  }

  @Test("the lens is no move: another example leaves the position as it is")
  func turnsWithoutMoving() throws {
    var rig = try StepRig.digits()
    rig.go(5, 17)
    let digest = rig.lab.session?.digest
    rig.press("]]][")
    #expect(rig.lab.session?.position == Position(step: 5, instruction: 17))
    #expect(rig.lab.session?.digest == digest)
  }
}
