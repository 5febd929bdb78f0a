import Tensors

/// Stars that users gave to items, from tastes planted in both.
///
/// stars = 3 + bᵤ + cᵢ + pᵤ · qᵢ + noise, held in 1…5: every user and item has a bias and `factors`
/// hidden numbers, which an embedding can find again. No pair is rated twice while others are left.
package enum RatingsGenerator: Generator {
  package static let name = "ratings"
  package static let title = "Ratings"
  package static let summary =
    "Stars that users gave to items. Behind them are hidden tastes, planted here: embeddings of "
    + "users and items can find them."
  package static let task = Dataset.Task.regression
  package static let features = ["user", "item"]
  package static let parameters = [
    GeneratorParameter.examples(standard: 1000), .noise(standard: 0.2), users, items, factors,
  ]

  private static let users = GeneratorParameter("users", in: 2...500, standard: 60, isWhole: true)
  private static let items = GeneratorParameter("items", in: 2...500, standard: 40, isWhole: true)
  private static let factors = GeneratorParameter("factors", in: 0...8, standard: 2, isWhole: true)

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (users, items, factors) = (
      source.whole(users), source.whole(items), source.whole(factors)
    )
    let (user, item) = (source.random("users"), source.random("items"))
    let (shift, pairs) = (source.random("noise"), source.random("pairs"))
    let order = pairs.permutation(count: users * items)
    // Place 0 of each is its bias, the others its tastes.
    return (0..<source.count).map { i in
      let (u, v) = (order[i % order.count] / items, order[i % order.count] % items)
      var stars = 3 + 0.5 * (user.normal(at: u * 9) + item.normal(at: v * 9))
      for k in 1..<factors + 1 {
        stars += 0.6 * user.normal(at: u * 9 + k) * item.normal(at: v * 9 + k)
      }
      stars += source.noise * shift.normal(at: i)
      return GeneratedPoint([Double(u), Double(v)], target: min(max(stars, 1), 5))
    }
  }
}
