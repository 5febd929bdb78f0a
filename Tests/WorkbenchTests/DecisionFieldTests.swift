import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("The field behind points that are drawn")
struct DecisionFieldTests {
  @Test("What the run says of every place lies behind the canvas, on every terminal")
  func behind() throws {
    var pilot = try LabPilot("spiral", hidden: [8], screen: .data)
    pilot.press("d")
    #expect(pilot.state.lab.pictures?.plane != nil)
    guard case .points(let points)? = pilot.state.data.drawing else {
      Issue.record("no points are drawn")
      return
    }
    #expect(DecisionField(points, pilot.state) != nil)
    #expect(pilot.text.contains("behind: the run"))
    for ability in Ability.tiers {
      var grid = CellGrid(size: Size(40, 12), ability: ability)
      DecisionField(points, pilot.state)?.draw(in: Rect(2, 1, 30, 10), on: &grid)
      let outside = grid.text.first ?? ""
      #expect(outside.allSatisfy { $0 == " " })
    }
  }

  @Test("A run on other classes has no field there")
  func others() throws {
    var pilot = try LabPilot("digits", hidden: [8], screen: .data)
    pilot.press("d")
    #expect(pilot.state.lab.pictures?.plane == nil)
  }
}
