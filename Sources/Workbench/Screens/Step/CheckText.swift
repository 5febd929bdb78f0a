import Autodiff
import Foundation
import TerminalGraphics
import Training

/// A gradient beside its numeric estimate, and to how many digits they agree.
struct CheckText {
  private let numeric: StyledText
  private let verdict: StyledText
  private let method: String

  /// Nil when there is nothing to compare.
  init?(_ moment: StepMoment) {
    let epsilon = moment.check?.epsilon ?? 1e-5
    method = ", ε = \(epsilon == 1e-5 ? "1e-5" : NumberFormat.compact(epsilon, digits: 1)), Float64"
    if moment.isChecking {
      numeric = .secondary("numeric ") + .faint("        …")
      verdict = .faint("○ checking")
      return
    }
    guard let finding = moment.check, let explanation = moment.explanation else { return nil }
    let shown = Double(explanation.result)
    numeric =
      .secondary("numeric ") + .text(NumberFormat.compact(finding.numeric, digits: 6))
    verdict = Self.verdict(shown, finding.numeric, scale: moment.checkScale)
  }

  private static func verdict(_ shown: Double, _ numeric: Double, scale: Double) -> StyledText {
    let difference = abs(shown - numeric)
    guard difference.isFinite else { return .warning("× no finite number") }
    if difference == 0 { return .good("● the same") }
    let size = max(abs(shown), abs(numeric))
    guard difference <= 1e-4 * max(size, scale) else {
      return .warning("× differs by \(NumberFormat.compact(difference, digits: 2))")
    }
    // Float32 has seven digits.
    let digits = min(7, Int(log10(size / difference).rounded(.down)))
    return digits >= 1
      ? .good("● agrees to \(digits) digit\(digits == 1 ? "" : "s")")
      : .good("● agrees to \(NumberFormat.compact(difference, digits: 1))")
  }

  /// As much as fits in a line.
  func line(width: Int) -> StyledText {
    let short = numeric + "  " + verdict
    let long = short + .secondary(method)
    return long.width <= width ? long : short.width <= width ? short : verdict
  }
}
