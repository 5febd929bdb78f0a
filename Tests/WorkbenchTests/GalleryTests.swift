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

  @Test("where every pixel has a class the gallery shows pictures, and what became of their pixels")
  func masks() throws {
    let example = try #require(ViewCase.all.first { $0.name == "masks" })
    var pilot = try example.pilot()
    pilot.press(.escape)
    pilot.press(" ")
    pilot.train(8)
    pilot.press(" ")
    let judged = try #require(pilot.state.lab.pictures).judged
    let masks = GalleryView().masks(pilot.state.lab.pictures, pixels: 1024)
    #expect(masks.count == judged.count / 1024 && masks.count > 1)
    for mask in masks {
      let own = judged.filter { $0.row == mask.row }
      #expect(mask.verdicts.count == 1024 && mask.wrong == own.count { !$0.isRight })
      #expect(
        mask.verdicts.count { $0 == .missed } == own.count { $0.isClass == 1 && !$0.isRight })
      #expect(mask.worst.loss == own.map(\.loss).max())
    }
    #expect(masks.map(\.loss) == masks.map(\.loss).sorted(by: >))
    pilot.state.focus[.train] = "worst"
    #expect(pilot.text.contains("\(masks[0].wrong) of 1,024 wrong"))
    #expect(pilot.text.contains("missed") && pilot.text.contains("1–"))
    // The keys go from picture to picture.
    pilot.press(.end)
    #expect(WorstPanel.chosen(pilot.state)?.row == masks.last?.row)
    pilot.press(.home)
    #expect(WorstPanel.chosen(pilot.state)?.row == masks[0].row)
  }
}
