// Emoji by name, for those who type a colon.

const TABLE =
  "smile 😄 grin 😁 joy 😂 rofl 🤣 wink 😉 blush 😊 heart_eyes 😍 thinking 🤔 neutral 😐 relieved 😌 sad 😢 sob 😭 " +
  "worried 😟 confused 😕 surprised 😮 scream 😱 angry 😠 sleepy 😴 cool 😎 party 🥳 hug 🤗 sweat 😅 shrug 🤷 facepalm 🤦 " +
  "thumbsup 👍 thumbsdown 👎 ok 👌 clap 👏 wave 👋 pray 🙏 muscle 💪 raised_hands 🙌 point_up ☝️ eyes 👀 handshake 🤝 " +
  "heart ❤️ broken_heart 💔 sparkles ✨ star ⭐ fire 🔥 tada 🎉 gift 🎁 cake 🎂 coffee ☕ beer 🍺 rocket 🚀 bulb 💡 " +
  "check ✅ cross ❌ warning ⚠️ question ❓ exclamation ❗ hourglass ⏳ clock ⏰ calendar 📅 phone 📞 mail 📧 inbox 📥 " +
  "package 📦 truck 🚚 card 💳 money 💰 receipt 🧾 lock 🔒 key 🔑 wrench 🔧 bug 🐛 memo 📝 link 🔗 chart 📈 search 🔍 " +
  "camera 📷 computer 💻 mobile 📱 house 🏠 shop 🏪 plane ✈️ car 🚗 bike 🚲 sun ☀️ rain 🌧️ snow ❄️ tree 🌲 flower 🌸 " +
  "dog 🐶 cat 🐱 fox 🦊 shirt 👕 shoe 👟 tent ⛺ backpack 🎒 soon 🔜 new 🆕 hundred 💯";

const words = TABLE.split(" ");
const all = words.flatMap((name, place) => (place % 2 === 0 ? [{ name, sign: words[place + 1]! }] : []));

/** Those whose name begins so, then those that have it inside. */
export function emojiFor(typed: string, most: number): { name: string; sign: string }[] {
  const wanted = typed.toLowerCase();
  const begins = all.filter((one) => one.name.startsWith(wanted));
  return [...begins, ...all.filter((one) => !begins.includes(one) && one.name.includes(wanted))].slice(0, most);
}
