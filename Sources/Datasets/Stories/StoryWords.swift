// The words that stories are made of. What belongs together stands together, so that a name said
// early decides words much later: she or he, hopped or flew, rain or snow.

/// An animal that stories are about.
struct StoryAnimal {
  let kind: String
  /// How it goes, in the past.
  let goes: String
  let likes: String

  var article: String { "aeiou".contains(kind.prefix(1)) ? "an" : "a" }

  static let all = [
    StoryAnimal(kind: "fox", goes: "trotted", likes: "warm stones"),
    StoryAnimal(kind: "owl", goes: "flew", likes: "quiet evenings"),
    StoryAnimal(kind: "hare", goes: "hopped", likes: "fresh clover"),
    StoryAnimal(kind: "otter", goes: "splashed", likes: "smooth pebbles"),
    StoryAnimal(kind: "badger", goes: "plodded", likes: "deep tunnels"),
    StoryAnimal(kind: "mouse", goes: "scurried", likes: "crumbs of cheese"),
    StoryAnimal(kind: "goose", goes: "waddled", likes: "wet grass"),
    StoryAnimal(kind: "bear", goes: "lumbered", likes: "wild honey"),
    StoryAnimal(kind: "frog", goes: "leaped", likes: "muddy ponds"),
    StoryAnimal(kind: "cat", goes: "crept", likes: "sunny window sills"),
    StoryAnimal(kind: "goat", goes: "climbed", likes: "thorny bushes"),
    StoryAnimal(kind: "hedgehog", goes: "shuffled", likes: "dry leaves"),
    StoryAnimal(kind: "crow", goes: "flapped", likes: "shiny buttons"),
    StoryAnimal(kind: "mole", goes: "tunneled", likes: "soft earth"),
  ]
}

/// Words for she and he.
struct StoryGender {
  let names: [String]
  let he, him, his: String

  static let all = [
    StoryGender(
      names: [
        "Mila", "Nora", "Ada", "Wren", "Ivy", "Tilda", "Rosa", "Lena", "Hazel", "Pearl", "Dora",
        "Fern", "Greta", "Olive",
      ], he: "she", him: "her", his: "her"),
    StoryGender(
      names: [
        "Otto", "Felix", "Bruno", "Hugo", "Jasper", "Theo", "Anton", "Rufus", "Emil", "Oscar",
        "Milo", "Finn", "Karl", "Quentin",
      ], he: "he", him: "him", his: "his"),
  ]
}

/// Weather with what it does at the beginning, on the way and at the end of a story.
struct StoryWeather {
  let begins, during, ends: String

  static let all = [
    StoryWeather(
      begins: "rain [drummed on the leaves|ran down the windows|fell in long gray threads]",
      during: "The rain [dripped from {his} ears|made the path soft and slow|would not stop]",
      ends: "the rain had stopped and every puddle held a piece of the sky"),
    StoryWeather(
      begins: "snow [lay thick on the roofs|covered every path|fell without a sound]",
      during: "The snow [came up to {his} knees|squeaked with every step|hid the way]",
      ends: "the snow glittered under the stars"),
    StoryWeather(
      begins: "a strong wind [shook the branches|rattled the doors|chased the clouds]",
      during: "The wind [pulled at {his} {thing}|pushed {him} from behind|howled in the rocks]",
      ends: "the wind had gone to sleep in the reeds"),
    StoryWeather(
      begins: "fog [filled the valley|hung over the fields|swallowed the trees]",
      during:
        "In the fog [a stump looked like a giant|nobody could see {his} {thing}|all was gray]",
      ends: "the fog lifted and showed the whole wide land"),
    StoryWeather(
      begins: "the sun [shone on the hay|rose early and bright|warmed the stones]",
      during: "The sun [burned on {his} back|stood high above the road|made {him} thirsty]",
      ends: "the sun went down behind the hills, red and round"),
    StoryWeather(
      begins: "frost [painted flowers on the glass|made the grass crackle|bit every nose]",
      during: "The frost [pinched {his} toes|turned {his} breath to smoke|glazed the stones]",
      ends: "the frost had melted and the first drops were singing"),
  ]
}

/// Things that can be counted, one and many.
struct StoryGoods {
  let one, many: String

  static let all = [
    StoryGoods(one: "apple", many: "apples"), StoryGoods(one: "walnut", many: "walnuts"),
    StoryGoods(one: "pear", many: "pears"), StoryGoods(one: "plum", many: "plums"),
    StoryGoods(one: "candle", many: "candles"), StoryGoods(one: "turnip", many: "turnips"),
    StoryGoods(one: "chestnut", many: "chestnuts"), StoryGoods(one: "loaf", many: "loaves"),
    StoryGoods(one: "berry", many: "berries"), StoryGoods(one: "egg", many: "eggs"),
    StoryGoods(one: "cherry", many: "cherries"), StoryGoods(one: "bun", many: "buns"),
  ]
}

/// Lists of words that stand for themselves.
enum StoryLists {
  static let numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"]

  static let things = [
    "red kettle", "blue lantern", "green umbrella", "yellow scarf", "little drum", "old map",
    "silver bell", "wooden flute", "copper key", "patched coat", "tin whistle", "straw hat",
    "long rope", "brown satchel",
  ]

  static let homes = [
    "under an old oak", "beside the mill pond", "at the edge of the barley field",
    "in a hollow log", "behind the baker's house", "below the stone bridge", "on a windy hill",
    "between two mossy rocks", "in a barn with a broken door", "near the ferry",
  ]

  static let goals = [
    "the sea", "the market in the next valley", "the top of the gray mountain",
    "the lighthouse on the cape", "the island in the lake", "the far side of the forest",
    "the house of the clock maker", "the garden behind the castle", "the spring of the river",
  ]

  static let stations = [
    "a river", "a dark wood", "a long meadow", "a steep hill", "a village with a crooked tower",
    "a bridge with a missing plank", "an empty mill", "a field of pumpkins", "a ring of stones",
    "a gate without a fence",
  ]

  static let moods = [
    "happy", "tired", "hungry", "proud", "curious", "a little afraid", "brave", "quiet",
  ]
}
