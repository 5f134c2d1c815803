// npm install @langchain/openai@1.2.13 @langchain/core@1.2.13
import { ChatOpenAI } from '@langchain/openai';

const proxy = process.env.PROXY_URL ?? 'http://127.0.0.1:8080';

const model = new ChatOpenAI({ model: 'gpt-4o', apiKey: 'hackathon/your-name', configuration: { baseURL: `${proxy}/v1` } });

for await (const chunk of await model.stream('Write a poem about indian elephants'))
  process.stdout.write(chunk.content);
