import Datasets
import NeuralNets
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Details of Train: epochs after a change, clicks on pictures, keys that are named")
struct TrainDetailTests {
  @Test("Epochs are counted right after the batch size was changed, and before it when gone back")
  func epochs() throws {
    var pilot = try LabPilot("digits", epochs: 5)
    pilot.press(" ")
    pilot.train(90)
    #expect(pilot.text.contains("epoch 2 of 5"))
    var settings = try #require(pilot.state.lab.settings)
    settings.batchSize = 64
    pilot.run([.lab(.change(settings, words: "batch size 64"))])
    let perEpoch = try #require(pilot.state.lab.settings).stepsPerEpoch
    pilot.train(perEpoch)
    #expect(pilot.state.lab.history.epochCount == 3)
    #expect(pilot.text.contains("epoch 3 of 5"))
    let history = pilot.state.lab.history
    #expect(history.end(ofEpoch: 1, stepsPerEpoch: perEpoch) == 90)
    #expect(history.end(ofEpoch: 2, stepsPerEpoch: perEpoch) == 90 + perEpoch)
    #expect(history.prefix(steps: 80, stepsPerEpoch: perEpoch).epochCount == 1)
    pilot.run([.lab(.go(Position(step: 50)))])
    #expect(pilot.text.contains("epoch 2 of 5"))
  }

  @Test("A network that was looked at whole shows its weights where the data has no plane")
  func networkWithoutPlane() throws {
    var pilot = try LabPilot("digits", epochs: 5)
    pilot.state.focus[.train] = "layers"
    for key in [" ", "v", "V", "h"] {
      pilot.state.train.layers.look = .network
      #expect(pilot.text.contains("Layers"))
      pilot.press(key)
      pilot.train(3)
    }
    pilot.state.train.layers.look = .network
    pilot.run([.lab(.look(pilot.state.interest))])
    #expect(pilot.text.contains("weights W"))
  }

  @Test("So many epochs have ended by a step, also of a thinned history", arguments: [1, 3, 8])
  func ended(batches: Int) throws {
    var pilot = try LabPilot("spiral", epochs: 40)
    let perEpoch = try #require(pilot.state.lab.settings).stepsPerEpoch
    pilot.press(" ")
    pilot.train(perEpoch * 24)
    let whole = pilot.state.lab.history
    let thin = whole.thinned(to: 16 * batches)
    for step in stride(from: 0, through: perEpoch * 24, by: batches) {
      #expect(whole.epochsEnded(by: step, stepsPerEpoch: perEpoch) == step / perEpoch)
      #expect(thin.epochsEnded(by: step, stepsPerEpoch: perEpoch) == step / perEpoch)
    }
  }

  private func click(_ column: Int, _ row: Int, _ pilot: inout LabPilot) {
    for action in [Mouse.Action.press, .release] {
      pilot.run(
        pilot.state.handle(.mouse(Mouse(action, .left, at: Point(column, row)))))
    }
  }

  @Test("A click chooses the cell of the confusion matrix under it")
  func clickConfusion() throws {
    var pilot = try LabPilot("digits")
    let area = try #require(pilot.state.panels.first { $0.id == "confusion" }).area
    let lines = pilot.state.frame().text
    // The row that begins with the class 3, in the column under the heading 7.
    let head = try #require(lines.firstIndex { $0.contains("0  1  2  3  4  5  6  7") })
    let heading = Array(lines[head])
    let column = try #require((area.x..<area.right).first { heading[$0] == "7" })
    click(column, head + 4, &pilot)
    #expect(pilot.state.focusedPanel == "confusion")
    #expect(pilot.text.contains("is 3, said 7:"))
  }

  @Test("A click chooses the layer and the unit under it", arguments: ["spiral", "digits"])
  func clickLayers(data: String) throws {
    var pilot = try LabPilot(data)
    let area = try #require(pilot.state.panels.first { $0.id == "layers" }).area
    let lines = pilot.state.frame().text
    let row = try #require((area.y..<area.bottom).first { lines[$0].contains("dense_1 ") })
    let line = Array(lines[row])
    let start = try #require(
      (area.x..<area.right - 7).first { String(line[$0..<$0 + 8]) == "dense_1 " })
    click(start + 2, row + 1, &pilot)
    #expect(pilot.state.train.layers.layer == 1)
    #expect(pilot.state.focusedPanel == "layers")
    let first = pilot.state.train.layers.unit
    click(start + (data == "digits" ? 4 : 12), row + 1, &pilot)
    #expect(pilot.state.train.layers.unit > first)
  }

  @Test("A click chooses the example under it")
  func clickExample() throws {
    var pilot = try LabPilot("iris")
    let area = try #require(pilot.state.panels.first { $0.id == "worst" }).area
    click(area.x + 4, area.y + 5, &pilot)
    #expect(pilot.state.frame().text[area.y + 5].contains("▶"))
  }
}
