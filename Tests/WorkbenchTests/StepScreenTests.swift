import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("The Step screen")
struct StepScreenTests {
  @Test(". and , move by a line, there and back")
  func movesByLine() throws {
    var rig = try StepRig.digits()
    #expect(rig.moment.done == 0)
    rig.press("...")
    #expect(rig.moment.done == 3)
    rig.press(",")
    #expect(rig.moment.done == 2)
  }
}
