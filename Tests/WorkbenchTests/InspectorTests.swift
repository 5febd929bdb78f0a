import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("The inspector of Build")
struct InspectorTests {
  @Test("fields: steps, typed values, choices, refusals")
  func fields() throws {
    var state = try BuildRig.state()
    state.focus[.build] = "inspector"
    _ = BuildRig.press([.right], &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(20))
    _ = BuildRig.press([.left, .left], &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(15))
    _ = BuildRig.type("+-", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(15))
    _ = BuildRig.type("-", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] != .integer(15))
    _ = BuildRig.type("+", &state)
    _ = BuildRig.type("\n99999999\n", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(15))
    #expect(state.message?.toast.text.contains("a whole number from 1 to 65536") == true)
    _ = BuildRig.press([.down, .right], &state)
    #expect(state.workpiece.model.layers[0].arguments["activation"] == .text("relu6"))
    _ = BuildRig.press([.down, .character(" ")], &state)
    #expect(state.workpiece.model.layers[0].arguments["use_bias"] == .boolean(false))
  }

  @Test("c shows how the network is trained, and its fields change it")
  func compile() throws {
    var state = try BuildRig.state()
    _ = BuildRig.type("c", &state)
    _ = BuildRig.press([.down, .right], &state)
    let optimizer = try #require(state.workpiece.model.compilation?.optimizer)
    #expect(optimizer.arguments["learning_rate"] == .number(0.002))
    _ = BuildRig.press([.end, .up], &state)
    _ = BuildRig.type("\n64\n", &state)
    #expect(state.workpiece.batchSize == 64)
    _ = BuildRig.type("u", &state)
    #expect(state.workpiece.batchSize == 32)
  }

  @Test("impossible input shapes are refused and never trap")
  func inputShapes() throws {
    var state = try BuildRig.state()
    _ = BuildRig.press([.up], &state)
    for text in ["99999999999999999999", "0", "9999999,9999999", "1,2,3,4,5,6", ",", "8 8 1"] {
      _ = BuildRig.type("\n" + text + "\n", &state)
      #expect(state.frame().text.count == 36)
    }
    #expect(state.workpiece.model.inputShape == [8, 8, 1])
  }

  @Test(
    "all arguments of every layer can be seen, stepped and opened",
    arguments: LayerCatalog.all.indices)
  func everyArgument(index: Int) throws {
    let kind = LayerCatalog.all[index].kind
    guard let layer = Component.standard(kind) else {
      Issue.record("\(kind) cannot be made")
      return
    }
    var state = try BuildRig.state()
    state.workpiece.model.layers.insert(layer, at: 0)
    state.choose(line: 1)
    state.build.showsAll = true
    state.focus[.build] = "inspector"
    let names = Set(state.inspectorFields.map(\.spec.name))
    for spec in LayerCatalog.all[index].arguments where spec.kind != .fixed {
      #expect(names.contains(spec.name), "\(kind) \(spec.name)")
    }
    for place in state.inspectorFields.indices {
      state.build.field = place
      _ = BuildRig.press([.right, .left, .enter], &state)
      if case .menu(let menu) = state.overlay {
        #expect(menu.items.allSatisfy { !$0.label.isEmpty })
        let empty = menu.items.filter { $0.detail.isEmpty }.map(\.label)
        #expect(empty.isEmpty, "\(kind): no word on \(empty)")
      }
      _ = BuildRig.press([.escape], &state)
      state.overlay = nil
      state.field = nil
    }
    #expect(state.frame().text.count == 36)
  }

  @Test("the strength of a regularizer is a field of its own, and None takes it away")
  func regularizers() throws {
    var state = try BuildRig.state()
    state.build.showsAll = true
    state.focus[.build] = "inspector"
    let place = try #require(
      state.inspectorFields.firstIndex { $0.spec.name == "kernel_regularizer" })
    state.build.field = place
    _ = BuildRig.press([.right], &state)
    #expect(state.workpiece.model.layers[0].arguments.component("kernel_regularizer") != nil)
    state.build.field = place + 1
    _ = BuildRig.type("\n0.25\n", &state)
    let component = state.workpiece.model.layers[0].arguments.component("kernel_regularizer")
    #expect(component?.arguments.spoken.contains { $0.value == .number(0.25) } == true)
    #expect(state.build.code(state).contains("0.25"))
    state.build.field = place
    _ = BuildRig.press([.left], &state)
    #expect(state.workpiece.model.layers[0].arguments["kernel_regularizer"] == .none)
  }

  @Test(
    "a field opens with its value: what is typed takes its place, Backspace edits it, Tab leaves")
  func openedField() throws {
    var state = try BuildRig.state()
    _ = BuildRig.press([.enter], &state)
    #expect(state.field?.text == "16")
    _ = BuildRig.type("\n", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(16))
    _ = BuildRig.type("\n24\n", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(24))
    _ = BuildRig.press([.enter, .backspace, .character("9"), .enter], &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(29))
    let focused = state.focusedPanel
    _ = BuildRig.press([.enter, .character("7"), .tab], &state)
    #expect(state.field == nil && state.focusedPanel != focused)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(29))
  }
}
