import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("The gallery of unseen examples")
struct GalleryTests {
  @Test("examples come by their loss, of the same loss by their row")
  func orders() throws {
    var pilot = try LabPilot("digits", hidden: [16])
    pilot.press(" ")
    pilot.train(40)
    let pictures = try #require(pilot.state.lab.pictures)
    func rows(_ order: GalleryView.Order) -> [Int] {
      GalleryView(order: order).examples(pictures).map(\.row)
    }
    let judged = pictures.judged
    let worst = judged.sorted { ($1.loss, $0.row) < ($0.loss, $1.row) }
    #expect(worst.count > 100 && worst[0].loss > worst[99].loss)
    #expect(rows(.worst) == worst.map(\.row))
    #expect(rows(.best) == judged.sorted { ($0.loss, $0.row) < ($1.loss, $1.row) }.map(\.row))
    #expect(Set(rows(.mixed)) == Set(worst.map(\.row)) && rows(.mixed) != rows(.best))
    let classes = GalleryView(order: .byClass).examples(pictures).map(\.isClass)
    #expect(classes == classes.sorted() && Set(classes).count == 10)
  }
}
