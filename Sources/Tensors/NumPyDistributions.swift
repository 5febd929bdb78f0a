import Foundation

/// A source of NumPy's numbers, from which both generators draw the rarer distributions alike.
package protocol NumPyDraws {
  mutating func random() -> Double
  mutating func standardNormal() -> Double
}

extension NumPyRandomState: NumPyDraws {}
extension NumPyGenerator: NumPyDraws {}

extension NumPyDraws {
  /// `poisson(lam)`: products of uniform numbers for small λ (Knuth), transformed rejection for λ
  /// from 10 (PTRS; Hörmann, 1993).
  package mutating func poisson(_ mean: Double) -> Double {
    guard mean > 0 else { return 0 }
    guard mean >= 10 else {
      let bound = exp(-mean)
      var count = 0.0
      var product = random()
      while product > bound {
        count += 1
        product *= random()
      }
      return count
    }
    let root = mean.squareRoot()
    let b = 0.931 + 2.53 * root
    let a = -0.059 + 0.02483 * b
    let inverse = 1.1239 + 1.1328 / (b - 3.4)
    let bound = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = random() - 0.5
      let v = random()
      let s = 0.5 - abs(u)
      let k = ((2 * a / s + b) * u + mean + 0.43).rounded(.down)
      if s >= 0.07 && v <= bound { return k }
      if k < 0 || s < 0.013 && v > s { continue }
      if log(v) + log(inverse) - log(a / (s * s) + b)
        <= -mean + k * log(mean) - logGamma(k + 1)
      {
        return k
      }
    }
  }

  /// `binomial(n, p)` for n · min(p, 1 - p) up to 30, by inversion.
  package mutating func binomial(_ n: Int, _ given: Double) -> Double {
    guard n > 0, given > 0 else { return 0 }
    let p = given <= 0.5 ? given : 1 - given
    let q = 1 - p
    let n = Double(n)
    let none = exp(n * log(q))
    let bound = min(n, n * p + 10 * (n * p * q + 1).squareRoot()).rounded(.down)
    var count = 0.0
    var chance = none
    var u = random()
    while u > chance {
      count += 1
      if count > bound {
        count = 0
        chance = none
        u = random()
      } else {
        u -= chance
        chance = (n - count + 1) * p * chance / (count * q)
      }
    }
    return given <= 0.5 ? count : n - count
  }

  /// `laplace(loc, scale)`.
  package mutating func laplace(_ center: Double, _ scale: Double) -> Double {
    while true {
      let u = random()
      if u >= 0.5 { return center - scale * log(2 - u - u) }
      if u > 0 { return center + scale * log(u + u) }
    }
  }
}

extension NumPyRandomState {
  /// `standard_exponential`.
  package mutating func exponential() -> Double { -log(1 - random()) }

  /// `standard_gamma(shape)`: Johnk-like rejection below 1, Marsaglia & Tsang (2000) above.
  package mutating func gamma(_ shape: Double) -> Double {
    if shape == 1 { return exponential() }
    guard shape > 0 else { return 0 }
    if shape < 1 {
      while true {
        let u = random()
        let v = exponential()
        if u <= 1 - shape {
          let x = pow(u, 1 / shape)
          if x <= v { return x }
        } else {
          let y = -log((1 - u) / shape)
          let x = pow(1 - shape + shape * y, 1 / shape)
          if x <= v + y { return x }
        }
      }
    }
    let b = shape - 1 / 3.0
    let c = 1 / (9 * b).squareRoot()
    while true {
      var x = 0.0
      var v = 0.0
      repeat {
        x = standardNormal()
        v = 1 + c * x
      } while v <= 0
      v = v * v * v
      let u = random()
      if u < 1 - 0.0331 * (x * x) * (x * x) { return b * v }
      if log(u) < 0.5 * x * x + b * (1 - v + log(v)) { return b * v }
    }
  }

  /// `beta(a, b)`.
  package mutating func beta(_ a: Double, _ b: Double) -> Double {
    guard a <= 1 && b <= 1 else {
      let x = gamma(a)
      let y = gamma(b)
      return x / (x + y)
    }
    while true {
      let u = random()
      let v = random()
      let x = pow(u, 1 / a)
      let y = pow(v, 1 / b)
      if x + y <= 1 && x + y > 0 { return x / (x + y) }
    }
  }
}

/// log Γ(x) by Stirling's series, as NumPy computes it.
private func logGamma(_ given: Double) -> Double {
  let series = [
    8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04, -5.952380952380952e-04,
    8.417508417508418e-04, -1.917526917526918e-03, 6.410256410256410e-03, -2.955065359477124e-02,
    1.796443723688307e-01, -1.39243221690590e+00,
  ]
  if given == 1 || given == 2 { return 0 }
  let n = given < 7 ? Int(7 - given) : 0
  var x = given + Double(n)
  let square = (1 / x) * (1 / x)
  var sum = series[9]
  for k in (0..<9).reversed() { sum = sum * square + series[k] }
  var result = sum / x + 0.5 * 1.8378770664093453 + (x - 0.5) * log(x) - x
  for _ in 0..<n {
    result -= log(x - 1)
    x -= 1
  }
  return result
}
