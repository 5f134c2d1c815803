// npm ai, with the providers @ai-sdk/openai and @ai-sdk/azure.
import { createAzure } from '@ai-sdk/azure';
import { createOpenAI } from '@ai-sdk/openai';
import { embed, generateText, jsonSchema, streamText, tool } from 'ai';
import { enough, listen, weather } from './listen.mjs';

const providerFor = order => order.isAzure
  ? createAzure({ baseURL: `${order.endpoint}/openai`, apiKey: order.credential, apiVersion: '2024-10-21', useDeploymentBasedUrls: true })
  : createOpenAI({ baseURL: order.endpoint, apiKey: order.credential });

const question = order => ({ model: providerFor(order).chat(order.model), prompt: order.prompt });

// An error comes as a part of the stream; it would be printed too.
const streamed = (order, more) => streamText({ ...question(order), onError() {}, ...more }).fullStream;

await listen({
  async chat(order, seen) {
    const answer = await generateText(question(order));
    seen.text = answer.text;
    seen.tokens = answer.usage.totalTokens;
  },

  async stream(order, seen) {
    seen.text = '';
    for await (const part of streamed(order)) {
      if (part.type === 'text-delta') {
        seen.chunks++;
        seen.text += part.text;
      } else if (part.type === 'error') {
        // An error before the first piece is an object with a class of its own; the event inside a stream is not.
        seen.error = part.error.name ?? 'error part';
        seen.message = part.error.message;
        seen.status = part.error.statusCode;
      }
    }
  },

  async tools(order, seen) {
    const { description, parameters } = weather;
    const answer = await generateText({ ...question(order), tools: { [weather.name]: tool({ description, inputSchema: jsonSchema(parameters) }) } });
    const { toolName, input } = answer.toolCalls[0];
    seen.tool = { name: toolName, arguments: input };
  },

  async complete(order, seen) {
    const answer = await generateText({ model: providerFor(order).completion(order.model), prompt: order.prompt });
    seen.text = answer.text;
  },

  async embed(order, seen) {
    const answer = await embed({ model: providerFor(order).embedding(order.model), value: order.prompt });
    seen.vector = answer.embedding;
  },

  async cancel(order, seen) {
    const controller = new AbortController();
    for await (const part of streamed(order, { abortSignal: controller.signal })) {
      if (part.type === 'text-delta' && ++seen.chunks === enough)
        controller.abort();
      else if (part.type === 'abort')
        seen.error = 'abort part';
    }
  },
});
