import NeuralNets
import Tensors
import TerminalGraphics
import Testing
@testable import Workbench

@Suite("The Build screen by mouse and in bulk")
struct BuildMouseTests {
  private static func click(_ point: Point, _ state: inout AppState) {
    _ = state.handle(.mouse(Mouse(.press, .left, at: point)))
    _ = state.handle(.mouse(Mouse(.release, .left, at: point)))
  }

  /// Where the first row of the inspector ends.
  private static func corner(_ state: AppState) throws -> Point {
    let area = try #require(state.panels.first { $0.id == "inspector" }?.area).inset()
    return Point(area.right, area.y)
  }

  @Test("the signs of a field act at once, its value opens with a second click")
  func signs() throws {
    var state = try BuildRig.state()
    let units = try Self.corner(state)
    Self.click(Point(units.x - 2, units.y), &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(20))
    Self.click(Point(units.x - 4, units.y), &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(16))
    Self.click(Point(units.x - 10, units.y + 1), &state)
    #expect(state.overlay == nil)
    #expect(state.build.field == 1)
    Self.click(Point(units.x - 10, units.y + 1), &state)
    guard case .menu? = state.overlay else {
      Issue.record("no list of activations")
      return
    }
  }

  @Test("a list stays where it is when one of its lines is clicked")
  func still() throws {
    let many = ModelDescription.perceptron(
      inputShape: [64], hidden: [Int](repeating: 8, count: 30), classes: 10)
    var state = try BuildRig.state(model: many, size: Size(80, 24))
    _ = BuildRig.press([.end], &state)
    let inside = try #require(state.panels.first { $0.id == "layers" }?.area).inset()
    let before = state.frame().text[inside.y + 2]
    Self.click(Point(inside.x + 5, inside.y + 2), &state)
    let after = state.frame().text[inside.y + 2]
    #expect(after.contains("▶"))
    #expect(after.prefix(30).replacing("▶", with: " ") == before.prefix(30))
  }

  @Test("two hundred pasted lines become layers at once; one edit takes them back")
  func bulk() throws {
    var state = try BuildRig.state()
    let before = state.workpiece.model
    let lines = [String](repeating: "model.add(layers.Dense(10))", count: 200)
    let start = ContinuousClock.now
    _ = state.handle(.paste(lines.joined(separator: "\n")))
    #expect(state.workpiece.model.layers.count == before.layers.count + 200)
    #expect(ContinuousClock.now - start < .seconds(10))
    _ = BuildRig.type("u", &state)
    #expect(state.workpiece.model == before)
  }

  @Test("keys show in the list as far as there is room")
  func hints() throws {
    let four = ModelDescription.perceptron(inputShape: [64], hidden: [9, 9, 9], classes: 10)
    let state = try BuildRig.state(model: four)
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("a add below"))
    #expect(text.contains("x delete"))
  }
}
