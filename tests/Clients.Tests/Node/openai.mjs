// npm openai: the classes OpenAI and AzureOpenAI.
import { AzureOpenAI, OpenAI } from 'openai';
import { enough, listen, weather } from './listen.mjs';

const clientFor = order => order.isAzure
  ? new AzureOpenAI({ endpoint: order.endpoint, apiKey: order.credential, apiVersion: '2024-10-21' })
  : new OpenAI({ baseURL: order.endpoint, apiKey: order.credential });

const question = order => ({ model: order.model, messages: [{ role: 'user', content: order.prompt }] });

await listen({
  async chat(order, seen) {
    const answer = await clientFor(order).chat.completions.create(question(order));
    seen.text = answer.choices[0].message.content;
    seen.tokens = answer.usage.total_tokens;
  },

  async stream(order, seen) {
    seen.text = '';
    for await (const chunk of await clientFor(order).chat.completions.create({ ...question(order), stream: true })) {
      seen.chunks++;
      seen.text += chunk.choices[0]?.delta.content ?? '';
    }
  },

  async tools(order, seen) {
    const answer = await clientFor(order).chat.completions.create({ ...question(order), tools: [{ type: 'function', function: weather }] });
    const { name, arguments: given } = answer.choices[0].message.tool_calls[0].function;
    seen.tool = { name, arguments: JSON.parse(given) };
  },

  async complete(order, seen) {
    const answer = await clientFor(order).completions.create({ model: order.model, prompt: order.prompt });
    seen.text = answer.choices[0].text;
  },

  async embed(order, seen) {
    const answer = await clientFor(order).embeddings.create({ model: order.model, input: order.prompt });
    seen.vector = answer.data[0].embedding;
  },

  async cancel(order, seen) {
    const stream = await clientFor(order).chat.completions.create({ ...question(order), stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content && ++seen.chunks === enough)
        stream.controller.abort();
    }
  },
});
