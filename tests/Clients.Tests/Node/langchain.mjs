// npm @langchain/openai: its chat models, completion models and embeddings, for OpenAI's and for Azure's paths.
import { AzureChatOpenAI, AzureOpenAI, AzureOpenAIEmbeddings, ChatOpenAI, OpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { enough, listen, weather } from './listen.mjs';

const make = (order, Plain, Azure) => order.isAzure
  ? new Azure({ azureOpenAIBasePath: `${order.endpoint}/openai/deployments`, azureOpenAIApiKey: order.credential, azureOpenAIApiVersion: '2024-10-21', azureOpenAIApiDeploymentName: order.model })
  : new Plain({ model: order.model, apiKey: order.credential, configuration: { baseURL: order.endpoint } });

const chatModel = order => make(order, ChatOpenAI, AzureChatOpenAI);

await listen({
  async chat(order, seen) {
    const answer = await chatModel(order).invoke(order.prompt);
    seen.text = answer.content;
    seen.tokens = answer.usage_metadata.total_tokens;
  },

  async stream(order, seen) {
    seen.text = '';
    for await (const chunk of await chatModel(order).stream(order.prompt)) {
      seen.chunks++;
      seen.text += chunk.content;
    }
  },

  async tools(order, seen) {
    const answer = await chatModel(order).bindTools([{ type: 'function', function: weather }]).invoke(order.prompt);
    const { name, args } = answer.tool_calls[0];
    seen.tool = { name, arguments: args };
  },

  async complete(order, seen) {
    seen.text = await make(order, OpenAI, AzureOpenAI).invoke(order.prompt);
  },

  async embed(order, seen) {
    seen.vector = await make(order, OpenAIEmbeddings, AzureOpenAIEmbeddings).embedQuery(order.prompt);
  },

  async cancel(order, seen) {
    const controller = new AbortController();
    for await (const chunk of await chatModel(order).stream(order.prompt, { signal: controller.signal })) {
      if (chunk.content && ++seen.chunks === enough)
        controller.abort();
    }
  },
});
