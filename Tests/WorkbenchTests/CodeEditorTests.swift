import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("Code on Build")
struct CodeEditorTests {
  @Test("a line of Keras code typed at the prompt changes the network, and u takes it back")
  func typedCode() throws {
    var state = try BuildRig.state()
    let before = state.workpiece.model
    _ = BuildRig.type(":model.add(layers.Dense(5, activation='gelu'))\n", &state)
    #expect(state.workpiece.model.layers.last?.arguments["units"] == .integer(5))
    _ = BuildRig.type(":Dropout(0.25)\n", &state)
    #expect(state.workpiece.model.layers.last?.kind == "Dropout")
    _ = BuildRig.type(":model.pop()\n", &state)
    #expect(state.workpiece.model.layers.last?.kind == "Dense")
    _ = BuildRig.type("uuu", &state)
    #expect(state.workpiece.model == before)
    _ = BuildRig.type(":model.add(Desne(5))\n", &state)
    #expect(state.workpiece.model == before)
    #expect(state.frame().text.joined().contains("Desne"))
  }

  @Test("pasted code becomes the network, and what is not code says why")
  func paste() throws {
    var state = try BuildRig.state()
    _ = state.handle(.paste("model = Sequential([Input(shape=(64,)), layers.Dense(10)])"))
    #expect(BuildRig.summary(state.workpiece.model) == ["Dense integer(10) none"])
    #expect(state.workpiece.model.compilation != nil)
    _ = state.handle(.paste("model = Desne(4)"))
    guard case .reader(let reader) = state.overlay else {
      Issue.record("no text")
      return
    }
    #expect(reader.lines.joined().contains("Desne"))
  }

  @Test("a pasted layer, or several lines of model.add, go to the end")
  func pasteFragment() throws {
    var state = try BuildRig.state()
    let before = state.workpiece.model
    _ = state.handle(.paste("layers.Dropout(0.25),\nlayers.Dense(7)\n"))
    #expect(state.workpiece.model.layers.suffix(2).map(\.kind) == ["Dropout", "Dense"])
    _ = BuildRig.type("u", &state)
    #expect(state.workpiece.model == before)
    _ = state.handle(.paste("model.add(layers.Dense(5))\nmodel.add(layers.Dense(6))"))
    #expect(
      state.workpiece.model.layers.suffix(2).map { $0.arguments["units"] } == [
        .integer(5), .integer(6),
      ])
  }

  @Test("E edits the code: typed text becomes the network, a mistake is marked and nothing is lost")
  func editor() throws {
    var state = try BuildRig.state()
    let before = state.workpiece.model
    _ = BuildRig.type("E", &state)
    #expect(state.frame().text.joined().contains("[ apply ]"))
    // Keys that act elsewhere type here.
    _ = BuildRig.press([.end, .enter], &state)
    _ = BuildRig.type("layers.Dense(5, activation=\"tanh\"),", &state)
    #expect(state.screen == .build)
    _ = state.handle(.key(.character("s"), .control))
    #expect(state.workpiece.model.layers.count == before.layers.count + 1)
    #expect(state.workpiece.model.layers[1].arguments["units"] == .integer(5))
    _ = BuildRig.type("u", &state)
    #expect(state.workpiece.model == before)

    _ = BuildRig.type("E", &state)
    _ = BuildRig.press([.end, .enter], &state)
    _ = BuildRig.type("layers.Desne(5),", &state)
    _ = state.handle(.key(.character("s"), .control))
    #expect(state.workpiece.model == before)
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("^~"))
    #expect(text.contains("Desne"))
    #expect(text.contains("line 4"))
    _ = BuildRig.press([.escape], &state)
    #expect(state.frame().text.joined().contains("a changed text waits"))
    _ = BuildRig.type("E", &state)
    #expect(state.frame().text.joined().contains("Desne"))
    _ = state.handle(.key(.character("r"), .control))
    #expect(!state.frame().text.joined().contains("Desne"))
    _ = BuildRig.press([.escape], &state)
    #expect(state.workpiece.model == before)
  }

  @Test("the button below the code applies it, and a click on a line chooses its layer")
  func codeByMouse() throws {
    var state = try BuildRig.state()
    _ = BuildRig.type("E", &state)
    _ = BuildRig.press(Array(repeating: .down, count: 30) + [.enter], &state)
    #expect(state.build.draft == nil)
    let text = state.frame().text
    let y = try #require(text.lastIndex { $0.contains("activation=\"softmax\"") })
    let click = Mouse(.press, .left, at: Point(80, y))
    _ = state.handle(.mouse(click))
    #expect(state.build.line == 2)
  }
}
