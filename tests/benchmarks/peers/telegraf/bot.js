// A bare telegraf bot that deletes every message.
// Environment: BOT_TOKEN, and TELEGRAM_BASE_URL that ends in `/bot`.
const { Telegraf } = require("telegraf");

const apiRoot = process.env.TELEGRAM_BASE_URL.replace(/\/bot$/, "");
const bot = new Telegraf(process.env.BOT_TOKEN, { telegram: { apiRoot } });

bot.on("message", (ctx) => ctx.deleteMessage());

// Without this, telegraf ends the process at the first refusal, such as for a message that is gone.
bot.catch((error) => console.error(error.message));

bot.launch();
